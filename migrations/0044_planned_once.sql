-- The questions that cross banks are planned once a connection: a function of SQL alone is planned anew each time it is
-- asked, which took longer than its answer (docs/BENCHMARKS.md). What they ask is as in 0042_row_security.sql.
create or replace function bookings_of_people(people uuid[], span tstzrange)
    returns table (account_id uuid, id uuid, session_id uuid, practice_id uuid, place_no smallint, starts_at timestamptz,
                   ends_at timestamptz, practice_name text, latitude_microdegrees integer, longitude_microdegrees integer)
    language plpgsql stable parallel safe rows 20 set locumbank.reach = 'service' as $$
#variable_conflict use_column
begin
    return query
    select b.account_id, b.id, b.session_id, b.practice_id, b.place_no, b.starts_at, b.ends_at, p.name,
           p.latitude_microdegrees, p.longitude_microdegrees
      from live_booking b
      join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
     where b.account_id = any(people) and b.during && span;
end $$;

create or replace function lock_people(bank uuid, clinicians uuid[]) returns table (bank_id uuid, id uuid)
    language plpgsql volatile rows 2 set locumbank.reach = 'service' as $$
#variable_conflict use_column
begin
    return query
    select c.bank_id, c.id
      from clinician c
     where c.account_id = any(array(select o.account_id from clinician o where o.bank_id = bank and o.id = any(clinicians)))
     order by c.bank_id, c.id
       for update;
end $$;

create or replace function lock_overtaken_offers(
    of_bank uuid, of_session uuid, is_filled boolean, person uuid, span tstzrange)
    returns table (bank_id uuid, id uuid, session_id uuid)
    language plpgsql volatile rows 2 set locumbank.reach = 'service' as $$
#variable_conflict use_column
begin
    return query
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
       for update of o;
end $$;

create or replace function offer_of_link(hash bytea) returns setof offer
    language plpgsql stable rows 1 set locumbank.reach = 'service' as $$
begin
    return query select * from offer where token_hash = hash;
end $$;

create or replace function bank_of_invitation_link(hash bytea) returns uuid
    language plpgsql stable set locumbank.reach = 'service' as $$
begin
    return (select bank_id from invitation where token_hash = hash);
end $$;
