-- The people of a bank: found, ended, and never without an administrator.

-- When the person last began to act in it: shown to administrators, and by which a person of several memberships begins
-- where they were.
alter table membership add column last_signed_in_at timestamptz;
update membership m
   set last_signed_in_at = (select max(s.created_at) from sign_in s
                             where s.bank_id = m.bank_id and s.membership_id = m.id);
-- Serves: the people of a bank by kind.
create index membership_kind_idx on membership (bank_id, kind) where ended_at is null;

-- A bank that had an administrator keeps one. Of two who end each other at the same moment the second waits for the
-- first, and is refused.
create function bank_keeps_an_administrator() returns trigger language plpgsql as $$
begin
    if old.kind = 'bank_administrator' and old.ended_at is null
       and (tg_op = 'DELETE' or new.ended_at is not null or new.kind <> 'bank_administrator') then
        perform pg_advisory_xact_lock(hashtextextended('administrators of ' || old.bank_id::text, 0));
        if not exists (select from membership m join account a on a.id = m.account_id
                        where m.bank_id = old.bank_id and m.kind = 'bank_administrator' and m.ended_at is null
                          and m.id <> old.id and a.disabled_at is null) then
            raise exception 'bank % would have no administrator', old.bank_id
                using errcode = 'check_violation', constraint = 'bank_keeps_an_administrator';
        end if;
    end if;
    return null;
end $$;
create trigger bank_keeps_an_administrator after delete or update of ended_at, kind on membership
    for each row execute function bank_keeps_an_administrator();

-- The people of a bank whose name is what was typed, or whose address has it in it, with those who are invited; all of
-- them where nothing was typed. As clinicians are found (0050_search.sql).
create function people_found(bank uuid, typed text) returns table (membership_id uuid, invitation_id uuid)
language plpgsql stable parallel safe rows 50
as $$
declare
    patterns text[] := public.search_patterns(typed);
    address text := '%' || replace(replace(replace(lower(btrim(typed)), '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
    return query
    select m.id, null::uuid
      from membership m
     where m.bank_id = bank
       and (btrim(typed) = '' or m.account_id in (
                select a.id from account a
                 where a.name_searched like patterns[1]
                   and a.name_searched like coalesce(patterns[2], patterns[1])
                   and a.name_searched like all (patterns)
                union all
                select a.id from account a where a.email like address))
     union all
    select null::uuid, i.id
      from invitation i
     where i.bank_id = bank and i.state = 'open'
       and (btrim(typed) = '' or public.search_key(i.name) like all (patterns) or i.email like address);
end
$$;

-- That somebody acts no more is counted too.
alter table event drop constraint event_subjects;
alter table event add constraint event_subjects check (case
        when kind in ('session_posted', 'session_changed', 'session_moved', 'session_withdrawn')
            then num_nulls(session_id) = 0
                 and num_nonnulls(clinician_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('offer_made', 'offer_declined', 'offer_lapsed', 'offer_withdrawn')
            then num_nulls(offer_id, session_id, clinician_id) = 0
                 and num_nonnulls(booking_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('booking_made', 'booking_changed', 'booking_moved', 'booking_cancelled')
            then num_nulls(booking_id, session_id, clinician_id) = 0
                 and num_nonnulls(offer_id, membership_id, clearance_id, rate_range_id) = 0
        when kind in ('person_joined', 'person_left')
            then num_nulls(membership_id) = 0
                 and num_nonnulls(session_id, clinician_id, offer_id, booking_id, clearance_id, rate_range_id) = 0
        when kind in ('clinician_cleared', 'clearance_ended')
            then num_nulls(clinician_id, clearance_id) = 0
                 and num_nonnulls(session_id, offer_id, booking_id, membership_id, rate_range_id) = 0
        when kind = 'range_published'
            then num_nulls(rate_range_id) = 0
                 and num_nonnulls(session_id, clinician_id, offer_id, booking_id, membership_id, clearance_id) = 0
        else false
    end) not valid;
alter table event validate constraint event_subjects;
