-- Bank holidays come with each release and, when they are proclaimed later, from a file that an operator reads in. What the
-- operator read holds for the dates that it covers, whatever an older release says.
create table bank_holiday_list (
    read_at      timestamptz primary key,
    source       text not null,
    first_date   date not null,
    last_date    date not null,
    constraint bank_holiday_list_span check (first_date <= last_date)
);

-- Whether 25 and 26 December and 1 January count as bank holidays themselves when they fall on a weekend, beside the
-- substitute day that is published for them. Each bank chooses, from a date on; the default is that both count.
create table bank_holiday_rule (
    bank_id             uuid not null references bank (id),
    valid_from          date not null,
    day_itself_counts   boolean not null,
    decided_at          timestamptz not null,
    primary key (bank_id, valid_from)
);
