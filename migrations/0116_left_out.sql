-- Whoever leaves a pair out of a plan says why, and it is kept at once: the next plan leaves it out too, whether this one is
-- published or set aside.
alter table not_again add column reason text;
alter table not_again add constraint not_again_reason check (
    reason is null
    or cause = 'left_out' and reason in ('practice_wish', 'clinician_wish', 'kept_for_somebody', 'another'));

-- What was left out of plans that wait to be published, and was kept with the plan alone.
insert into not_again (bank_id, session_id, clinician_id, cause, since, by_account)
select p.bank_id, p.session_id, p.clinician_id, 'left_out', max(l.ready_at), null
  from plan_pair p
  join plan l on l.bank_id = p.bank_id and l.id = p.plan_id
 where p.left_out and not p.already_booked and l.state = 'ready'
 group by p.bank_id, p.session_id, p.clinician_id
    on conflict do nothing;

-- How many sessions of its dates a plan left alone, since a round decides about them.
alter table plan add column left_to_round integer not null default 0;

-- Serves: what came of a plan's offers.
create index offer_plan_idx on offer (bank_id, plan_id) where plan_id is not null;

-- Serves: who wanted a session in a round and was not given it, when it comes back.
create index request_not_given_idx on request (bank_id, round_id, session_id) where state = 'not_given';
