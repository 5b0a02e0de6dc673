-- Sessions and open offers of them, from number FIRST to before number AFTER: the link of offer n is the text "bench n",
-- and its mail has been sent. Everybody is offered one session a day, on weekdays.
insert into bench_wish (number, bank_id, practice_id, clinician_id, account_id, clearance_id, rate_range_id,
                        rate_pence_per_hour, local_date, starts_at, ends_at)
select n.number, b.id, at.id, p.clinician_id, p.account_id, p.clearance_id, range.id, range.ceiling_pence_per_hour,
       day.date, (day.date + time '09:00') at time zone 'Europe/London',
       (day.date + time '13:00') at time zone 'Europe/London'
  from generate_series(FIRST, AFTER - 1) as n (number)
  join bench_person p on p.number = n.number % 2000
 cross join bank b
 cross join lateral (
      select g.at::date as date from generate_series(current_date + 7, current_date + 60, interval '1 day') as g (at)
       where extract(isodow from g.at) < 6 and not exists (select from bank_holiday h where h.date = g.at::date)
       order by g.at offset n.number / 2000 limit 1) day
 cross join lateral (
      select q.* from practice q where q.closed_on is null and q.kind = 'gp_practice'
       order by q.ods_code offset n.number % 30 limit 1) at
 cross join lateral (
      select r.* from rate_range r
       where r.bank_id = b.id and r.role = 'gp' and r.band = 'core' and r.valid_from <= day.date
       order by r.valid_from desc, r.position desc limit 1) range
 order by n.number;

insert into session (bank_id, id, practice_id, local_date, local_start, local_end, local_end_date, time_zone, starts_at,
                     ends_at, band, places, rate_min_pence_per_hour, rate_max_pence_per_hour, notes, posted_at)
select bank_id, session_id, practice_id, local_date, '09:00', '13:00', local_date, 'Europe/London', starts_at, ends_at,
       'core', 1, 6000, rate_pence_per_hour, 'Parking behind the surgery. Ask for the rota lead.', now()
  from bench_wish where number >= FIRST and number < AFTER order by number;

insert into session_role (bank_id, session_id, role)
select bank_id, session_id, 'gp' from bench_wish where number >= FIRST and number < AFTER order by number;

insert into session_competency (bank_id, session_id, competency)
select bank_id, session_id, unnest(array['systmone', 'basic_life_support'])
  from bench_wish where number >= FIRST and number < AFTER order by number;

begin;
insert into offer (bank_id, id, session_id, place_no, clinician_id, rate_pence_per_hour, pay_pence, road_metres,
                   token_hash, offered_at, expires_at)
select bank_id, offer_id, session_id, 1, clinician_id, rate_pence_per_hour, rate_pence_per_hour * 4, 12000,
       sha256(('bench-' || number)::bytea), now() - interval '1 hour', now() + interval '1 day'
  from bench_wish where number >= FIRST and number < AFTER order by number;

insert into mail (bank_id, id, kind, dedup_key, message_id, environment_id, epoch, subject, text_body, html_body, offer_id,
                  state, next_attempt_at, finished_at, created_at)
select w.bank_id, w.offer_id, 'session_offered', w.offer_id::text, w.offer_id || '@bench', e.id, e.epoch,
       'A session is offered to you', repeat('A session is offered to you. ', 40),
       repeat('<p>A session is offered to you.</p> ', 100), w.offer_id, 'sent', now(), now(), now()
  from bench_wish w cross join environment e where w.number >= FIRST and w.number < AFTER order by w.number;

insert into mail_recipient (bank_id, mail_id, address, account_id)
select w.bank_id, w.offer_id, a.email, a.id
  from bench_wish w join account a on a.id = w.account_id
 where w.number >= FIRST and w.number < AFTER order by w.number;
commit;

vacuum analyze bench_wish, session, session_role, session_competency, offer, mail, mail_recipient, booking;
