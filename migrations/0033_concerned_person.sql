-- What a person is offered and booked for around a span of time, in whatever bank. A new booking leaves less of the drive,
-- the rest and the hours that these were judged by, so they are judged anew (src/work/booking/reliance). Hours of a week
-- and rest reach no further than eight days.
create function concerned_of_person(person uuid, around tstzrange)
    returns table (bank_id uuid, is_offer boolean, id uuid, session_id uuid, clinician_id uuid, rate_pence_per_hour integer,
                   starts_at timestamptz)
    language sql stable parallel safe rows 20 set locumbank.reach = 'service' as $$
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
       and b.during && tstzrange(lower(around) - interval '8 days', upper(around) + interval '8 days')
$$;
