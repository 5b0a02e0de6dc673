-- That a bank's administrator has decided not to clear somebody, with the reason that the person is told. It stands until
-- they change what they say of themselves, hand in a document, or are cleared. Health facts have no column anywhere.
create table clearance_refusal (
    bank_id         uuid not null,
    id              uuid not null,
    clinician_id    uuid not null,
    reason          text not null,
    refused_by      uuid not null references account (id),
    refused_at      timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint clearance_refusal_reason_not_empty check (btrim(reason) <> '')
);
-- Serves: the newest of one clinician.
create index clearance_refusal_newest_idx on clearance_refusal (bank_id, clinician_id, refused_at desc);
create trigger clearance_refusal_append_only before update or delete on clearance_refusal
    for each row execute function row_is_never_changed();
select keep_banks_apart();

-- Who waits to be cleared, and since when: those about whom nothing was decided, those with another number than they were
-- cleared on, and those who have handed in what nobody has looked at. Whoever was refused waits again once they have
-- changed something.
create view waits_to_be_cleared with (security_invoker = true) as
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
 cross join lateral (
       select case when l.id is null then 'new'
                   when k.decided_on_number not in ('', coalesce(c.registration_number, '')) then 'number'
                   else 'document' end as cause,
              case when l.id is null then least(d.at, case when r.at is null then t.created_at
                                                           when t.changed_at > r.at then t.changed_at end)
                   when k.decided_on_number not in ('', coalesce(c.registration_number, ''))
                   then least(d.at, case when r.at is null or t.changed_at > r.at then t.changed_at end)
                   else d.at end as since) w
 where c.acts and w.since is not null;
