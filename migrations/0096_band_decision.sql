-- Which times a bank's administrators gave their bands, with who decided and why; `band_hours` holds what counts.
create table band_decision (
    bank_id       uuid not null references bank (id),
    number        integer not null,
    value         jsonb not null,
    why           text not null,
    decided_by    uuid references account (id),
    decided_at    timestamptz not null,
    primary key (bank_id, number),
    constraint band_decision_number check (number >= 1),
    constraint band_decision_said check (why <> '')
);
create trigger band_decision_append_only before update or delete on band_decision
    for each row execute function row_only_loses_words('why');
select keep_banks_apart();
