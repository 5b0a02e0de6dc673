-- Two practices of a bank may have one name in the register. `name` is the name as it is shown, everywhere: where it is
-- not alone in its bank it ends in the postcode, or in the ODS code where they have one postcode too. `register_name`
-- is what the register says. Whoever writes a practice writes `name`, as the register has it, and the database does the
-- rest, so that no list can show two lines that look the same.
alter table practice add column register_name text;
update practice set register_name = name;
alter table practice alter column register_name set not null;
-- Serves: the practices of one name in a bank.
create index practice_register_name_idx on practice (bank_id, lower(register_name));

create function practice_name_is_written() returns trigger
language plpgsql
as $$
begin
    new.register_name := new.name;
    return new;
end
$$;

create trigger practice_name_is_written before insert on practice
    for each row execute function practice_name_is_written();
-- At a depth above 0 the name is being told apart by the trigger below.
create trigger practice_name_is_changed before update of name on practice
    for each row when (pg_trigger_depth() = 0) execute function practice_name_is_written();

create function practice_names_are_told_apart() returns trigger
language plpgsql
as $$
begin
    update practice p
       set name = shown.name
      from (select q.bank_id, q.id,
                   case when count(*) over (partition by q.bank_id, lower(q.register_name)) = 1 then q.register_name
                        when count(*) over (partition by q.bank_id, lower(q.register_name), q.postcode) = 1
                        then q.register_name || ' (' || q.postcode || ')'
                        else q.register_name || ' (' || q.ods_code || ')'
                   end as name
              from practice q
             where (q.bank_id, lower(q.register_name)) in (select t.bank_id, lower(t.register_name) from touched t)
           ) shown
     where p.bank_id = shown.bank_id and p.id = shown.id and p.name <> shown.name;
    return null;
end
$$;

create trigger practice_names_are_told_apart_added after insert on practice
    referencing new table as touched
    for each statement when (pg_trigger_depth() = 0) execute function practice_names_are_told_apart();
create trigger practice_names_are_told_apart_changed after update on practice
    referencing new table as touched
    for each statement when (pg_trigger_depth() = 0) execute function practice_names_are_told_apart();
-- Who had a name that somebody gave up may be alone with it now.
create trigger practice_names_are_told_apart_left after update on practice
    referencing old table as touched
    for each statement when (pg_trigger_depth() = 0) execute function practice_names_are_told_apart();
create trigger practice_names_are_told_apart_removed after delete on practice
    referencing old table as touched
    for each statement when (pg_trigger_depth() = 0) execute function practice_names_are_told_apart();

-- Those that are there already.
update practice set changed_at = changed_at;

alter table practice add column searched text generated always as (
    search_key(name || ' ' || ods_code || ' ' || postcode || ' ' || replace(postcode, ' ', '') || ' '
               || coalesce(pcn_name, '') || ' ' || address)) stored;
-- Serves: practices found by name, code, postcode, network or address.
create index practice_searched_idx on practice using gin (searched public.gin_trgm_ops);
