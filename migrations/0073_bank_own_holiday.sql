-- Bank holidays that a bank's administrators have added since they were proclaimed, before the published list has them; and
-- who chose how holidays on a weekend count, and why.
create table bank_own_holiday (
    bank_id       uuid not null references bank (id),
    date          date not null,
    title         text not null,
    why           text not null,
    added_by      uuid references account (id),
    added_at      timestamptz not null,
    primary key (bank_id, date),
    constraint bank_own_holiday_said check (title <> '' and why <> '')
);
select keep_banks_apart();

alter table bank_holiday_rule add column decided_by uuid references account (id);
alter table bank_holiday_rule add column why text not null default '';
