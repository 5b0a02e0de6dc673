-- Work is half-open in time: what ends at midnight does not touch the day that begins then. So whoever is cleared
-- until a date may work on it until midnight, and a document of that date covers it.
alter table session add column last_date date not null
    generated always as (case when local_end = '00:00' then local_end_date - 1 else local_end_date end) stored;

create or replace function booking_clearance_covers() returns trigger language plpgsql as $$
declare
    newest clearance;
    worked_until date;
begin
    if new.state <> 'live' then
        return new;
    end if;
    select last_date into worked_until from session where bank_id = new.bank_id and id = new.session_id;
    select c.* into newest from clearance c
     where c.bank_id = new.bank_id and c.clinician_id = new.clinician_id and c.role = new.role
     order by c.position desc limit 1;
    if newest.id is null or newest.cleared_until < worked_until
       -- A clearance that was renewed since covers what was agreed under the one before.
       or (tg_op = 'INSERT' and newest.id <> new.clearance_id)
    then
        raise exception 'the clearance in force does not cover the session'
            using errcode = 'check_violation', constraint = 'booking_clearance_covers', table = 'booking';
    end if;
    return new;
end $$;

create or replace function clearance_leaves_no_booking_uncovered() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from booking b join session s on s.bank_id = b.bank_id and s.id = b.session_id
         where b.bank_id = new.bank_id and b.clinician_id = new.clinician_id and b.role = new.role
           and b.state = 'live' and b.starts_at > new.decided_at and s.last_date > new.cleared_until)
       and not exists (
        select 1 from clearance c
         where c.bank_id = new.bank_id and c.clinician_id = new.clinician_id and c.role = new.role and c.position > new.position)
    then
        raise exception 'a live booking would be left without clearance'
            using errcode = 'check_violation', constraint = 'clearance_leaves_no_booking_uncovered', table = 'clearance';
    end if;
    return null;
end $$;

-- A working day begins at 4am, so that a night belongs to the evening that it follows.
create function working_day(starts_at timestamptz, time_zone text) returns date language sql immutable parallel safe
    return ((starts_at at time zone time_zone) - interval '4 hours')::date;

-- Whether somebody who is employed may do two sessions and rest as the Working Time Regulations want it: eleven hours
-- between one working day and the next, and eleven in the 24 from the first start of a working day, which then spans
-- thirteen hours at most.
create function leaves_rest(one tstzrange, other tstzrange, time_zone text) returns boolean language sql immutable parallel safe
    return case
        when working_day(lower(one), time_zone) = working_day(lower(other), time_zone)
        then greatest(upper(one), upper(other)) - least(lower(one), lower(other)) <= interval '13 hours'
        else greatest(lower(one), lower(other)) - least(upper(one), upper(other)) >= interval '11 hours'
    end;

-- Never-event 5: nobody who is employed is booked without their rest, in whatever banks. What was booked before and
-- breaks it stays and is listed by `locumbank doctor`.
create function booking_leaves_rest() returns trigger language plpgsql as $$
declare
    zone text;
begin
    if new.state <> 'live' or new.engagement <> 'employed' then
        return new;
    end if;
    select time_zone into zone from session where bank_id = new.bank_id and id = new.session_id;
    if new.ends_at - new.starts_at > interval '13 hours' or exists (
        select from booking b
         where b.account_id = new.account_id and b.state = 'live' and (b.bank_id, b.id) <> (new.bank_id, new.id)
           -- No booking farther away can matter.
           and b.during && tstzrange(new.starts_at - interval '24 hours', new.ends_at + interval '24 hours')
           and not leaves_rest(b.during, tstzrange(new.starts_at, new.ends_at), zone))
    then
        raise exception 'the booking leaves less than eleven hours of rest'
            using errcode = 'check_violation', constraint = 'booking_leaves_rest', table = 'booking';
    end if;
    return new;
end $$;
create trigger booking_leaves_rest before insert or update of starts_at, ends_at on booking
    for each row execute function booking_leaves_rest();
