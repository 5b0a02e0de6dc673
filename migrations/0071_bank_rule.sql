-- What a bank's administrators decide for all of it: sections of rules, of each the versions there were, with who decided
-- and why. The newest version of a section counts.
create table bank_rule (
    bank_id       uuid not null references bank (id),
    section       text not null,
    number        integer not null,
    value         jsonb not null,
    why           text not null,
    decided_by    uuid references account (id),
    decided_at    timestamptz not null,
    primary key (bank_id, section, number),
    constraint bank_rule_section check (section in ('about', 'answers', 'hours', 'weights')),
    constraint bank_rule_number check (number >= 1),
    constraint bank_rule_why check (why <> ''),
    -- No bank gives those it employs less rest or more hours than the law does.
    constraint bank_rule_hours_lawful check (section <> 'hours' or (
        (value ->> 'least_rest_hours')::integer between 11 and 23
        and (value ->> 'most_hours_per_week')::integer between 1 and 48))
);
create trigger bank_rule_append_only before update or delete on bank_rule
    for each row execute function row_is_never_changed();
select keep_banks_apart();

-- What counts of a bank's rules.
create view bank_rule_in_force with (security_invoker = true) as
select distinct on (r.bank_id, r.section) r.bank_id, r.section, r.number, r.value
  from bank_rule r
 order by r.bank_id, r.section, r.number desc;
