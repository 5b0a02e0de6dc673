-- What several stores ask, said once. A view lets its reader see no more than the tables would (security_invoker), and
-- the planner sees through it to the indexes. What depends on a moment is a function that takes it.

-- The decision that counts for each clinician in the role they have: the newest. Sought from the clinician, one step in
-- the index; a decision after which no other came would be sought twice.
create view clearance_in_force with (security_invoker = true) as
select c.bank_id, newest.id, c.id as clinician_id, c.role, newest.cleared_until, newest.reason, newest.decided_by,
       newest.decided_at
  from clinician c
 cross join lateral (
       select l.id, l.cleared_until, l.reason, l.decided_by, l.decided_at
         from clearance l
        where l.bank_id = c.bank_id and l.clinician_id = c.id and l.role = c.role
        order by l.position desc
        limit 1) newest;

-- A booking that counts: not cancelled.
create view live_booking with (security_invoker = true) as
select b.bank_id, b.id, b.session_id, b.practice_id, b.place_no, b.starts_at, b.ends_at, b.during, b.clinician_id,
       b.account_id, b.role, b.engagement, b.rate_pence_per_hour, b.pay_pence, b.offer_id, b.made_at, b.calendar_sequence
  from booking b
 where b.state = 'live';

-- An offer that holds its place, whether or not its time has run out meanwhile.
create view open_offer with (security_invoker = true) as
select o.bank_id, o.id, o.session_id, o.place_no, o.clinician_id, o.plan_id, o.rate_pence_per_hour, o.offered_at,
       o.expires_at
  from offer o
 where o.state = 'open';

-- The offers that can be answered at a moment.
create function answerable_offer(moment timestamptz) returns setof open_offer language sql stable parallel safe as $$
    select * from open_offer where expires_at > moment
$$;

-- A session with the roles that may do it and the competencies that it needs, each in order of its codes.
create view session_as_posted with (security_invoker = true) as
select s.bank_id, s.id, s.practice_id, s.series_id, s.local_date, s.local_start, s.local_end, s.local_end_date,
       s.last_date, s.time_zone, s.starts_at, s.ends_at, s.band, s.places, s.priority, s.rate_min_pence_per_hour,
       s.rate_max_pence_per_hour, s.notes, s.state, s.withdrawn_at, s.withdrawn_reason, s.posted_at,
       array(select r.role from session_role r
              where r.bank_id = s.bank_id and r.session_id = s.id order by r.role) as roles,
       array(select n.competency from session_competency n
              where n.bank_id = s.bank_id and n.session_id = s.id order by n.competency) as competencies
  from session s;

-- A clinician with their name and address; acts says whether they still work with the bank and can sign in.
create view clinician_by_name with (security_invoker = true) as
select c.bank_id, c.id, c.account_id, c.membership_id, a.name, a.email, c.role, c.afc_band, c.registration_number,
       c.home_postcode, c.latitude_microdegrees, c.longitude_microdegrees, c.max_travel_metres, c.max_minutes_per_week,
       c.max_minutes_per_day, c.rest_minutes, c.engagement, m.ended_at is null and a.disabled_at is null as acts
  from clinician c
  join membership m on m.bank_id = c.bank_id and m.id = c.membership_id
  join account a on a.id = c.account_id;

-- The exceptions for sessions that allow their rate at a moment.
create function standing_rate_exception(moment timestamptz) returns setof rate_exception
    language sql stable parallel safe as $$
    select * from rate_exception e
     where e.approved_at <= moment and e.revoked_at is null and (e.expires_at is null or e.expires_at > moment)
$$;

-- The range that counts on a date: the latest from then or before, and of equals the one published last.
create function range_in_force(bank uuid, for_role text, for_band text, on_date date) returns setof rate_range
    language sql stable parallel safe as $$
    select r.* from rate_range r
     where r.bank_id = bank and r.role = for_role and r.band = for_band and r.valid_from <= on_date
     order by r.valid_from desc, r.position desc
     limit 1
$$;
