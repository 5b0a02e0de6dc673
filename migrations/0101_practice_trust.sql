-- Whom a practice books at once when they ask: somebody, or everybody of a role. Requests of others wait for its answer,
-- and requests that gather in a round wait for that, whoever asks.
create table practice_trust (
    bank_id       uuid not null,
    practice_id   uuid not null,
    clinician_id  uuid,
    role          text references role (code),
    trusted_by    uuid references account (id),
    trusted_at    timestamptz not null,
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint practice_trust_one_thing check (num_nonnulls(clinician_id, role) = 1),
    constraint practice_trust_once unique nulls not distinct (bank_id, practice_id, clinician_id, role)
);
select keep_banks_apart();
