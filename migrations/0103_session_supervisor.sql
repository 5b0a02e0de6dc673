-- Roles that work under somebody's supervision, as a bank decides; and who supervises a session on the day, whom its practice
-- names.
alter table role add column needs_supervisor boolean not null default false;
alter table role_decision add column needs_supervisor boolean not null default false;
alter table session
    add column supervisor text not null default '',
    add constraint session_supervisor_fits check (char_length(supervisor) <= 120);

-- As before, and whether the role needs a supervisor.
create or replace view role_of_bank with (security_invoker = true) as
select b.id as bank_id, r.code, coalesce(d.name, r.name) as name, coalesce(d.plural, r.plural) as plural,
       case when d.number is null then r.regulator else d.regulator end as regulator,
       case when d.number is null then r.register_pattern else d.register_pattern end as register_pattern,
       case when d.number is null then r.register_example else d.register_example end as register_example,
       case when d.number is null then r.lowest_afc_band else d.lowest_afc_band end as lowest_afc_band,
       case when d.number is null then r.highest_afc_band else d.highest_afc_band end as highest_afc_band,
       d.used_until, coalesce(d.number, 0) as number, coalesce(d.needs_supervisor, r.needs_supervisor) as needs_supervisor
  from bank b
  join role r on r.brought_by is null or r.brought_by = b.id
  left join lateral (select * from role_decision v
                      where v.bank_id = b.id and v.code = r.code
                      order by v.number desc limit 1) d on true;

-- As before, and who supervises it.
create or replace view session_as_posted with (security_invoker = true) as
select s.bank_id, s.id, s.practice_id, s.series_id, s.local_date, s.local_start, s.local_end, s.local_end_date,
       s.last_date, s.time_zone, s.starts_at, s.ends_at, s.band, s.places, s.priority, s.rate_min_pence_per_hour,
       s.rate_max_pence_per_hour, s.notes, s.state, s.withdrawn_at, s.withdrawn_reason, s.posted_at,
       array(select r.role from session_role r
              where r.bank_id = s.bank_id and r.session_id = s.id order by r.role) as roles,
       array(select n.competency from session_competency n
              where n.bank_id = s.bank_id and n.session_id = s.id order by n.competency) as competencies,
       s.supervisor
  from session s;

-- Whoever needs a supervisor is asked for only where one is named. What was posted before a bank decided so stays as it is.
create function session_names_supervisor() returns trigger language plpgsql as $$
begin
    if exists (select from session s
                 join role_of_bank r on r.bank_id = s.bank_id and r.code = new.role
                where s.bank_id = new.bank_id and s.id = new.session_id and s.supervisor = '' and r.needs_supervisor) then
        raise exception 'the session names nobody who supervises'
            using errcode = 'check_violation', constraint = 'session_names_supervisor', table = 'session';
    end if;
    return null;
end
$$;
create constraint trigger session_names_supervisor after insert or update on session_role
    for each row execute function session_names_supervisor();

-- And who has been named is replaced, not taken away.
create function session_keeps_supervisor() returns trigger language plpgsql as $$
begin
    if exists (select from session_role a
                 join role_of_bank r on r.bank_id = a.bank_id and r.code = a.role
                where a.bank_id = new.bank_id and a.session_id = new.id and r.needs_supervisor) then
        raise exception 'the session names nobody who supervises'
            using errcode = 'check_violation', constraint = 'session_keeps_supervisor', table = 'session';
    end if;
    return null;
end
$$;
create constraint trigger session_keeps_supervisor after update of supervisor on session
    deferrable initially deferred
    for each row when (old.supervisor <> '' and new.supervisor = '') execute function session_keeps_supervisor();
