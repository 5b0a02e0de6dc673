-- Whom a practice would rather have: lists of people under names.
create table preferred_list (
    bank_id      uuid not null,
    id           uuid not null,
    practice_id  uuid not null,
    name         text not null,
    made_by      uuid references account (id),
    made_at      timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    constraint preferred_list_name_once unique (bank_id, practice_id, name),
    constraint preferred_list_name check (name <> '')
);
create table preferred_person (
    bank_id       uuid not null,
    list_id       uuid not null,
    clinician_id  uuid not null,
    named_by      uuid references account (id),
    named_at      timestamptz not null,
    primary key (bank_id, list_id, clinician_id),
    foreign key (bank_id, list_id) references preferred_list (bank_id, id) on delete cascade,
    foreign key (bank_id, clinician_id) references clinician (bank_id, id)
);
-- Serves: whether somebody is on a list of a practice.
create index preferred_person_clinician_idx on preferred_person (bank_id, clinician_id);

-- A session is released in stages: each is open to an audience from a moment, or from so many hours before the start, which
-- moves with it. A stage that does not keep those before it closes them. The last is open to everybody; without any stage
-- a session is open to everybody at once.
create table session_stage (
    bank_id         uuid not null,
    session_id      uuid not null,
    number          smallint not null,
    audience        text not null,
    -- The list of people, where it is one of several.
    list_id         uuid,
    hours_before    integer,
    opens_at        timestamptz not null,
    keeps_previous  boolean not null,
    -- When a job noted that it opened, and when whom it asks were told.
    opened_at       timestamptz,
    told_at         timestamptz,
    primary key (bank_id, session_id, number),
    foreign key (bank_id, session_id) references session (bank_id, id),
    foreign key (bank_id, list_id) references preferred_list (bank_id, id) on delete set null (list_id),
    constraint session_stage_number check (number between 1 and 9),
    constraint session_stage_audience check (audience in ('preferred', 'worked_here', 'everybody')),
    constraint session_stage_list check (list_id is null or audience = 'preferred'),
    constraint session_stage_hours check (hours_before between 1 and 2160),
    constraint session_stage_told check (told_at is null or opened_at is not null)
);
select keep_banks_apart();
-- Serve: what is due to be opened, what is due to be told, and whose stages name a list.
create index session_stage_due_idx on session_stage (opens_at) where opened_at is null;
create index session_stage_untold_idx on session_stage (bank_id, session_id) where opened_at is not null and told_at is null;
create index session_stage_list_idx on session_stage (bank_id, list_id) where list_id is not null;

-- From when on a session is open to everybody; null where it always was. Kept by its stages.
alter table session add column open_to_all_from timestamptz;

create function session_keeps_its_stages() returns trigger language plpgsql as $$
declare
    of_bank uuid := coalesce(new.bank_id, old.bank_id);
    of_session uuid := coalesce(new.session_id, old.session_id);
begin
    update session s
       set open_to_all_from = (select coalesce(min(g.opens_at) filter (where g.audience = 'everybody'), 'infinity')
                                 from session_stage g where g.bank_id = of_bank and g.session_id = of_session
                               having count(*) > 0)
     where s.bank_id = of_bank and s.id = of_session;
    return null;
end $$;
create trigger session_keeps_its_stages after insert or delete or update of opens_at, audience on session_stage
    for each row execute function session_keeps_its_stages();

create function session_moves_its_stages() returns trigger language plpgsql as $$
begin
    update session_stage g set opens_at = new.starts_at - make_interval(hours => g.hours_before)
     where g.bank_id = new.bank_id and g.session_id = new.id and g.hours_before is not null and g.opened_at is null;
    return null;
end $$;
create trigger session_moves_its_stages after update of starts_at on session
    for each row when (old.starts_at is distinct from new.starts_at) execute function session_moves_its_stages();

-- The stages that are open at a moment: those that have begun, and that no later one has closed.
create function open_stage(moment timestamptz) returns setof session_stage language sql stable parallel safe as $$
    select * from session_stage g
     where g.opens_at <= moment
       and not exists (select from session_stage later
                        where later.bank_id = g.bank_id and later.session_id = g.session_id and later.number > g.number
                          and later.opens_at <= moment and not later.keeps_previous)
$$;

-- To whom a session is open at a moment: the one rule of whom may see it, ask for it, be offered it and be matched to it.
create function audience_at(of_bank uuid, of_session uuid, moment timestamptz) returns table (clinician_id uuid)
    language sql stable parallel safe as $$
    select c.id
      from session s
      join clinician c on c.bank_id = s.bank_id
     where s.bank_id = of_bank and s.id = of_session
       and (s.open_to_all_from is null or s.open_to_all_from <= moment
            or exists (select from open_stage(moment) g
                        where g.bank_id = s.bank_id and g.session_id = s.id
                          and case g.audience
                              when 'preferred' then exists (
                                  select from preferred_person p
                                    join preferred_list l on l.bank_id = p.bank_id and l.id = p.list_id
                                   where p.bank_id = c.bank_id and p.clinician_id = c.id and l.practice_id = s.practice_id
                                     and (g.list_id is null or l.id = g.list_id))
                              when 'worked_here' then exists (
                                  select from live_booking b
                                   where b.bank_id = c.bank_id and b.clinician_id = c.id
                                     and b.practice_id = s.practice_id and b.ends_at <= moment)
                              else true end))
$$;

create function is_in_audience(of_bank uuid, of_session uuid, of_clinician uuid, moment timestamptz) returns boolean
    language sql stable parallel safe as $$
    select exists (select from audience_at(of_bank, of_session, moment) a where a.clinician_id = of_clinician)
$$;

-- The same for lists of many sessions, of which most are open to everybody: the planner sees into it, and asks about the
-- stages of the few others alone.
create function is_open_to(open_to_all_from timestamptz, of_bank uuid, of_session uuid, of_clinician uuid, moment timestamptz)
    returns boolean language sql stable parallel safe
    return open_to_all_from is null or open_to_all_from <= moment
           or is_in_audience(of_bank, of_session, of_clinician, moment);

-- Whatever a statement forgets to ask: nobody asks for a session, or is offered one, that is not open to them.
create function request_is_of_the_audience() returns trigger language plpgsql as $$
begin
    if not is_in_audience(new.bank_id, new.session_id, new.clinician_id, new.requested_at) then
        raise exception 'the session is not open to whoever asks for it'
            using errcode = 'check_violation', constraint = 'request_is_of_the_audience', table = 'request';
    end if;
    return new;
end $$;
create trigger request_is_of_the_audience before insert on request
    for each row execute function request_is_of_the_audience();

create function offer_is_of_the_audience() returns trigger language plpgsql as $$
begin
    if not is_in_audience(new.bank_id, new.session_id, new.clinician_id, new.offered_at) then
        raise exception 'the session is not open to whom it is offered'
            using errcode = 'check_violation', constraint = 'offer_is_of_the_audience', table = 'offer';
    end if;
    return new;
end $$;
create trigger offer_is_of_the_audience before insert on offer
    for each row execute function offer_is_of_the_audience();

insert into event_kind (code) values ('stage_opened');
alter table event add constraint event_about_stage check (
    kind not in ('stage_opened')
    or num_nulls(session_id) = 0
       and num_nonnulls(clinician_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event validate constraint event_about_stage;
