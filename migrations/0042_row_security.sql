-- Row-level security: what one bank's work can read and write of another's is nothing, whatever its statement forgets to
-- say. Who works is said at each borrowing of a connection (src/ground/db/tx.rs): `locumbank.bank`, and
-- `locumbank.reach`, which is 'service' for work of the whole service and else 'bank'. A connection that said nothing
-- sees nothing. The role that owns the schema is not bound, so that migrations and backups read everything; the role that
-- serves owns nothing (docs/adr/0012-two-database-roles.md).
create function acting_bank() returns uuid language sql stable parallel safe
    return nullif(current_setting('locumbank.bank', true), '')::uuid;

create function acts_for_the_service() returns boolean language sql stable parallel safe
    return current_setting('locumbank.reach', true) = 'service';

-- Binds every table whose rows all belong to a bank, but for sign-ins, which are asked for before a bank is known. Called
-- here and after every later migration (src/ground/db/roles.rs), so that no new table is forgotten. What a policy asks is
-- asked once a statement and not once a row, because it stands in a query of its own.
create function keep_banks_apart() returns void language plpgsql as $$
declare
    bound regclass;
begin
    for bound in
        select c.oid
          from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attname = 'bank_id' and a.attnotnull
         where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'sign_in'
           and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'one_bank')
    loop
        execute format('alter table %s enable row level security', bound);
        execute format('create policy one_bank on %s
                         using (bank_id = (select acting_bank()) or (select acts_for_the_service()))', bound);
    end loop;
end $$;
select keep_banks_apart();

-- Whoever signs in is asked which banks they act in before any is known. A membership names nobody and no work; written
-- it is by its own bank alone.
create policy known_before_a_bank on membership for select using (true);

-- What crosses banks by design. Each of these looks beyond the bank of whoever asks, for one question, and says no more
-- than its answer.

-- A person is booked in one place at a time, whichever bank books: their bookings that touch a span of time.
create function bookings_of_people(people uuid[], span tstzrange)
    returns table (account_id uuid, id uuid, session_id uuid, practice_id uuid, place_no smallint, starts_at timestamptz,
                   ends_at timestamptz, practice_name text, latitude_microdegrees integer, longitude_microdegrees integer)
    language sql stable parallel safe rows 20 set locumbank.reach = 'service' as $$
    select b.account_id, b.id, b.session_id, b.practice_id, b.place_no, b.starts_at, b.ends_at, p.name,
           p.latitude_microdegrees, p.longitude_microdegrees
      from live_booking b
      join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
     where b.account_id = any(people) and b.during && span
$$;

-- And so whoever books one locks them in every bank, always in the same order.
create function lock_people(bank uuid, clinicians uuid[]) returns table (bank_id uuid, id uuid)
    language sql volatile rows 2 set locumbank.reach = 'service' as $$
    select c.bank_id, c.id
      from clinician c
     where c.account_id = any(array(select o.account_id from clinician o where o.bank_id = bank and o.id = any(clinicians)))
     order by c.bank_id, c.id
       for update
$$;

-- The open offers that a booking overtakes: the session's where it is full, and the person's for a time that overlaps it,
-- in every bank. They are sought apart: with one `or` across the tables every open offer was read.
create function lock_overtaken_offers(of_bank uuid, of_session uuid, is_filled boolean, person uuid, span tstzrange)
    returns table (bank_id uuid, id uuid, session_id uuid)
    language sql volatile rows 2 set locumbank.reach = 'service' as $$
    select o.bank_id, o.id, o.session_id
      from offer o
     where o.state = 'open'
       and (o.bank_id, o.id) in (
           select f.bank_id, f.id from open_offer f
            where f.bank_id = of_bank and f.session_id = of_session and is_filled
            union all
           select f.bank_id, f.id from clinician c
             join open_offer f on f.bank_id = c.bank_id and f.clinician_id = c.id
             join session s on s.bank_id = f.bank_id and s.id = f.session_id
            where c.account_id = person and s.starts_at < upper(span) and s.ends_at > lower(span))
     order by o.id
       for update of o
$$;

-- A link says whose it is: of an offer, and of an invitation.
create function offer_of_link(hash bytea) returns setof offer
    language sql stable rows 1 set locumbank.reach = 'service' as $$
    select * from offer where token_hash = hash
$$;
create function bank_of_invitation_link(hash bytea) returns uuid
    language sql stable set locumbank.reach = 'service' as $$
    select bank_id from invitation where token_hash = hash
$$;

-- What must never be is looked for in every bank, whatever whoever writes may see; and what is looked for at commit may
-- be of another bank than the transaction was in last.
alter function booking_leaves_rest() set locumbank.reach = 'service';
alter function booking_has_its_mail() set locumbank.reach = 'service';
alter function booking_change_has_its_mail() set locumbank.reach = 'service';
alter function offer_has_its_mail() set locumbank.reach = 'service';
alter function mail_has_a_recipient() set locumbank.reach = 'service';
alter function clearance_leaves_no_booking_uncovered() set locumbank.reach = 'service';

-- Whoever seals the log waits until nobody writes to it, and seals alone. Who may lock a table so may change it too, which
-- the role that serves may not; so both are locked in the owner's name, by these functions alone.
create function keep_the_log_quiet() returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
    lock table public.audit_event in share mode;
end $$;
create function seal_alone() returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
    lock table public.audit_seal in share row exclusive mode;
end $$;
