-- What the register says of a practice: active, proposed, dormant or closed. Whether it is open on a day is decided by
-- `opened_on` and `closed_on` alone, which the import sets by all of it.
alter table practice add column status text not null default 'active';
alter table practice add constraint practice_status check (status in ('active', 'proposed', 'dormant', 'closed'));

-- Whether a practice is open on a day: from the day on which it opens through the last day on which it is open. In Rust
-- it is `Practice::is_open_on`.
create function practice_is_open(opened_on date, closed_on date, on_date date) returns boolean
language sql immutable parallel safe
as $$
    select (opened_on is null or opened_on <= on_date) and (closed_on is null or on_date <= closed_on)
$$;

-- A bank is not its board: boards merge and are renamed, and the bank goes on. Each board's code names one bank; a bank has
-- any number of them. `bank.icb_code` is the first, and is kept for the version before.
create table bank_board (
    board_code   text primary key,
    bank_id      uuid not null references bank (id),
    added_at     timestamptz not null,
    constraint bank_board_code_shape check (board_code ~ '^[A-Z0-9]{3,10}$')
);
-- Serves: the boards of a bank.
create index bank_board_bank_idx on bank_board (bank_id);
insert into bank_board (board_code, bank_id, added_at)
select upper(icb_code), id, created_at from bank where icb_code is not null and upper(icb_code) ~ '^[A-Z0-9]{3,10}$';

-- A bank that became part of another: it posts nothing after its last day, and keeps its history.
alter table bank add column closed_on date;
alter table bank add column closed_into uuid references bank (id);
alter table bank add constraint bank_closed_facts check (
    (closed_on is null) = (closed_into is null) and closed_into is distinct from id);

-- The version before writes `bank.icb_code` alone.
create function bank_board_follows() returns trigger
language plpgsql
as $$
begin
    if new.icb_code is not null then
        insert into bank_board (board_code, bank_id, added_at) values (upper(new.icb_code), new.id, new.created_at)
            on conflict (board_code) do nothing;
    end if;
    return null;
end
$$;
create trigger bank_board_follows after insert or update of icb_code on bank
    for each row execute function bank_board_follows();
