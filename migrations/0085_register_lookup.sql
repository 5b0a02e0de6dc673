-- What a professional register said of a clinician's number on a day: from a file of the register, or as an administrator saw
-- it. Rows are added, never changed. One about another number than they have now says nothing of them any more.
create table register_lookup (
    bank_id            uuid not null,
    id                 uuid not null,
    clinician_id       uuid not null,
    register           text not null,
    number             text not null,
    outcome            text not null,
    -- The name that the register has, where it is another.
    name_on_register   text,
    looked_up_on       date not null,
    -- The file it is from; '' where an administrator looked.
    source             text not null,
    looked_up_by       uuid references account (id),
    recorded_at        timestamptz not null,
    position           bigint generated always as identity,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint register_lookup_outcome check (outcome in ('found', 'conditions', 'lapsed', 'not_found')),
    constraint register_lookup_number check (number <> ''),
    constraint register_lookup_name check (name_on_register <> ''),
    constraint register_lookup_by_somebody check (source <> '' or looked_up_by is not null)
);
-- Serves: the newest of one clinician's number, and all of one clinician.
create index register_lookup_newest_idx
    on register_lookup (bank_id, clinician_id, looked_up_on desc, position desc);
-- Only the number and the name can be taken out of one, when its person is erased.
create function register_lookup_only_loses_words() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and current_setting('locumbank.erasing', true) = 'on'
       and to_jsonb(new) - '{number,name_on_register}'::text[] = to_jsonb(old) - '{number,name_on_register}'::text[] then
        return new;
    end if;
    raise exception 'register_lookup is append-only'
        using errcode = 'restrict_violation', constraint = 'register_lookup_append_only', table = 'register_lookup';
end $$;
create trigger register_lookup_append_only before update or delete on register_lookup
    for each row execute function register_lookup_only_loses_words();
select keep_banks_apart();

-- What counts of them: the newest about the number that somebody has now.
create view newest_lookup with (security_invoker = true) as
select c.bank_id, c.id as clinician_id, l.id, l.register, l.outcome, l.name_on_register, l.looked_up_on, l.source,
       l.looked_up_by, l.recorded_at, l.outcome in ('lapsed', 'not_found') as is_off_register
  from clinician c
 cross join lateral (
       select k.id, k.register, k.outcome, k.name_on_register, k.looked_up_on, k.source, k.looked_up_by, k.recorded_at
         from register_lookup k
        where k.bank_id = c.bank_id and k.clinician_id = c.id and k.number = c.registration_number
        order by k.looked_up_on desc, k.position desc
        limit 1) l;

-- Nobody is booked whom their register does not have.
create function booking_clinician_is_registered() returns trigger language plpgsql as $$
begin
    if exists (select from newest_lookup l
                where l.bank_id = new.bank_id and l.clinician_id = new.clinician_id and l.is_off_register)
    then
        raise exception 'the register does not have who is booked'
            using errcode = 'check_violation', constraint = 'booking_clinician_is_registered', table = 'booking';
    end if;
    return new;
end $$;
create trigger booking_clinician_is_registered before insert on booking
    for each row execute function booking_clinician_is_registered();

insert into event_kind (code) values ('register_looked_up');
alter table event add constraint event_about_lookup check (
    kind not in ('register_looked_up')
    or num_nulls(clinician_id) = 0
       and num_nonnulls(session_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event validate constraint event_about_lookup;

-- Who is cleared waits again where the register says since then what it did not say before.
create or replace view waits_to_be_cleared with (security_invoker = true) as
select c.bank_id, c.id as clinician_id, w.cause, w.since
  from clinician_by_name c
  left join clearance_in_force l on l.bank_id = c.bank_id and l.clinician_id = c.id
  left join clearance k on k.bank_id = l.bank_id and k.id = l.id
  join clinician t on t.bank_id = c.bank_id and t.id = c.id
  left join lateral (
       select min(d.handed_in_at) as at from document d
        where d.bank_id = c.bank_id and d.clinician_id = c.id and d.state = 'waiting') d on true
  left join lateral (
       select max(r.refused_at) as at from clearance_refusal r
        where r.bank_id = c.bank_id and r.clinician_id = c.id) r on true
  left join lateral (
       select g.recorded_at as at from newest_lookup g
        where g.bank_id = c.bank_id and g.clinician_id = c.id
          and (g.outcome <> 'found' or g.name_on_register is not null)
          and g.recorded_at > greatest(l.decided_at, r.at)) g on true
 cross join lateral (
       select case when l.id is null then 'new'
                   when k.decided_on_number not in ('', coalesce(c.registration_number, '')) then 'number'
                   when g.at is not null then 'register'
                   else 'document' end as cause,
              case when l.id is null then least(d.at, case when r.at is null then t.created_at
                                                           when t.changed_at > r.at then t.changed_at end)
                   when k.decided_on_number not in ('', coalesce(c.registration_number, ''))
                   then least(d.at, case when r.at is null or t.changed_at > r.at then t.changed_at end)
                   else least(d.at, g.at) end as since) w
 where c.acts and w.since is not null;
