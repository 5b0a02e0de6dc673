-- Which sessions a daily email told somebody of as new, so that the next ones only count them. Kept until the session
-- has begun.
create table digest_told (
    bank_id      uuid not null,
    account_id   uuid not null references account (id),
    session_id   uuid not null,
    mail_id      uuid not null,
    told_at      timestamptz not null,
    primary key (bank_id, account_id, session_id),
    foreign key (bank_id, session_id) references session (bank_id, id),
    foreign key (bank_id, mail_id) references mail (bank_id, id)
);
-- Serves: what was told of sessions that have begun since.
create index digest_told_session_idx on digest_told (bank_id, session_id);
