-- What a matching run proposes. The problem and the plan are kept as they were computed; the rows beside them
-- are what pages read.
create table plan (
    bank_id               uuid not null references bank (id),
    id                    uuid not null,
    parent_id             uuid,
    from_date             date not null,
    until_date            date not null,
    state                 text not null,
    requested_by          uuid not null references account (id),
    requested_at          timestamptz not null,
    -- How often a worker has begun the run: one that dies leaves it to the next, but not for ever.
    tries                 smallint not null default 0,
    ready_at              timestamptz,
    published_by          uuid references account (id),
    published_at          timestamptz,
    failure               text,
    problem               jsonb,
    plan                  jsonb,
    score                 bigint,
    upper_bound           bigint,
    bound_proof           text,
    places                integer,
    filled                integer,
    fill_upper_bound      integer,
    milliseconds          integer,
    primary key (bank_id, id),
    foreign key (bank_id, parent_id) references plan (bank_id, id),
    constraint plan_dates check (until_date >= from_date and until_date <= from_date + 92),
    constraint plan_state check (state in ('running', 'ready', 'failed', 'published', 'discarded')),
    constraint plan_ready_facts check (
        (state in ('ready', 'published')) <= (ready_at is not null and problem is not null and plan is not null and score is not null)),
    constraint plan_published_facts check (
        (state = 'published') = (published_at is not null) and (published_at is null) = (published_by is null)),
    constraint plan_failed_facts check ((state = 'failed') = (failure is not null))
);
-- Serves: the newest plans of a bank.
create index plan_newest_idx on plan (bank_id, requested_at desc);
-- Serves: plans that wait for a run that nobody works on any more.
create index plan_running_idx on plan (requested_at) where state = 'running';

create table plan_pair (
    bank_id               uuid not null,
    plan_id               uuid not null,
    session_id            uuid not null,
    clinician_id          uuid not null,
    rate_pence_per_hour   integer not null,
    pay_pence             integer not null,
    road_metres           integer not null,
    score                 bigint not null,
    already_booked        boolean not null,
    -- What speaks for the pair, as codes, and how many people may do the session by the rules of pairs.
    why                   text[] not null default '{}',
    candidates            integer not null default 0,
    -- Whether the administrator unticked the pair, so that publishing makes no offer of it.
    left_out              boolean not null default false,
    primary key (bank_id, plan_id, session_id, clinician_id),
    foreign key (bank_id, plan_id) references plan (bank_id, id),
    foreign key (bank_id, session_id) references session (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id)
);

create table plan_unfilled (
    bank_id       uuid not null,
    plan_id       uuid not null,
    session_id    uuid not null,
    places_left   smallint not null,
    reason        text not null,
    blocked       jsonb not null,
    remedies      jsonb not null default '[]',
    primary key (bank_id, plan_id, session_id),
    foreign key (bank_id, plan_id) references plan (bank_id, id),
    foreign key (bank_id, session_id) references session (bank_id, id),
    constraint plan_unfilled_reason check (
        reason in ('no_eligible_clinician', 'all_eligible_better_used', 'not_worth_filling', 'outside_rate_range', 'no_rate_range'))
);
-- Serves: the newest reason a session is unfilled.
create index plan_unfilled_session_idx on plan_unfilled (bank_id, session_id);
