-- As in 0044_planned_once.sql: a function of SQL alone is planned anew each time it is asked, and this one is asked by every
-- booking. What it asks is as in 0033_concerned_person.sql.
create or replace function concerned_of_person(person uuid, around tstzrange)
    returns table (bank_id uuid, is_offer boolean, id uuid, session_id uuid, clinician_id uuid, rate_pence_per_hour integer,
                   starts_at timestamptz)
    language plpgsql stable parallel safe rows 20 set locumbank.reach = 'service' as $$
#variable_conflict use_column
begin
    return query
    select o.bank_id, true, o.id, o.session_id, o.clinician_id, o.rate_pence_per_hour, s.starts_at
      from clinician c
      join offer o on o.bank_id = c.bank_id and o.clinician_id = c.id and o.state = 'open'
      join session s on s.bank_id = o.bank_id and s.id = o.session_id
     where c.account_id = person and s.starts_at < upper(around) + interval '8 days'
       and s.ends_at > lower(around) - interval '8 days'
     union all
    select b.bank_id, false, b.id, b.session_id, b.clinician_id, b.rate_pence_per_hour, b.starts_at
      from booking b
     where b.account_id = person and b.state = 'live'
       and b.during && tstzrange(lower(around) - interval '8 days', upper(around) + interval '8 days');
end $$;

-- Nobody has asked this since what a booking overtakes is found by whoever relies on a diary.
drop function lock_overtaken_offers(uuid, uuid, boolean, uuid, tstzrange);
