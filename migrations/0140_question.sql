-- What a clinician asks about a session, and what its practice answers: everybody who sees the session reads both, and nobody
-- but the practice who asked. An answer that was wrong is given anew, and `answers` counts how often, so that of two people
-- who answer at once the second is told what stands.
create table question (
    bank_id       uuid not null references bank (id),
    id            uuid not null,
    session_id    uuid not null,
    clinician_id  uuid not null,
    words         text not null,
    asked_at      timestamptz not null,
    answers       integer not null default 0,
    answer        text,
    answered_at   timestamptz,
    answered_by   uuid references account (id),
    primary key (bank_id, id),
    foreign key (bank_id, session_id) references session (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint question_words check (char_length(words) <= 500),
    constraint question_answer_words check (char_length(answer) <= 1000),
    constraint question_answered check (
        (answers > 0) = (answered_at is not null) and (answers > 0) = (answer is not null))
);
-- Serve: the questions of a session; those of a clinician.
create index question_session_idx on question (bank_id, session_id, asked_at);
create index question_clinician_idx on question (bank_id, clinician_id);
-- Serves: what waits for an answer.
create index question_waiting_idx on question (bank_id, session_id) where answers = 0;

select keep_banks_apart();
