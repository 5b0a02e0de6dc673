-- Background work, leased with a fence: a worker that lost its lease can't complete the job. run_at: when a worker
-- may take it next, which is the end of the lease while one has it.
create table job (
    id             uuid primary key,
    bank_id        uuid references bank (id),
    kind           text not null,
    unique_key     text,
    payload        jsonb not null,
    priority       smallint not null default 5,
    state          text not null default 'ready',
    run_at         timestamptz not null,
    fence          bigint not null default 0,
    attempts       integer not null default 0,
    max_attempts   integer not null default 8,
    last_error     text,
    created_at     timestamptz not null,
    finished_at    timestamptz,
    constraint job_state check (state in ('ready', 'running', 'done', 'dead')),
    constraint job_finished_facts check ((state in ('done', 'dead')) = (finished_at is not null))
);
-- Serves: the next job to lease.
create index job_due_idx on job (priority, run_at) where state in ('ready', 'running');
-- Serves: the jobs that were given up.
create index job_dead_idx on job (finished_at desc) where state = 'dead';
-- A unique key stands for one piece of work that is not yet done.
create unique index job_unique_key on job (kind, unique_key) where unique_key is not null and state in ('ready', 'running');

-- When each schedule last ran, whatever the number of workers.
create table schedule_run (
    name       text primary key,
    last_due   timestamptz not null
);

-- The answer to a change made once, so that asking again gives the same answer.
create table idempotency_record (
    bank_id      uuid not null references bank (id),
    key          text not null,
    result       jsonb not null,
    created_at   timestamptz not null,
    primary key (bank_id, key)
);
