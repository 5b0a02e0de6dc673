-- Who is not proposed for a session again, and what made it so: they gave it back, lost it, or were left out of it. The row
-- goes when they ask for it, when whoever decided takes it back, or when they are booked in it after all.
create table not_again (
    bank_id        uuid not null,
    session_id     uuid not null,
    clinician_id   uuid not null,
    cause          text not null,
    since          timestamptz not null,
    by_account     uuid references account (id),
    primary key (bank_id, session_id, clinician_id),
    foreign key (bank_id, session_id) references session (bank_id, id),
    foreign key (bank_id, clinician_id) references clinician (bank_id, id),
    constraint not_again_cause check (cause in (
        'declined', 'cancelled_by_clinician', 'cancelled_by_practice', 'cancelled_by_bank', 'left_out', 'offer_taken_back'))
);
-- Serves: what one clinician is not proposed for.
create index not_again_clinician_idx on not_again (bank_id, clinician_id);

-- What happened before: the last thing that did, unless they are booked all the same.
insert into not_again (bank_id, session_id, clinician_id, cause, since, by_account)
select distinct on (bank_id, session_id, clinician_id) bank_id, session_id, clinician_id, cause, since, by_account
  from (select bank_id, session_id, clinician_id, 'declined' as cause, answered_at as since, null::uuid as by_account
          from offer where state = 'declined'
        union all
        select bank_id, session_id, clinician_id, 'cancelled_by_' || cancelled_side, cancelled_at, cancelled_by
          from booking where state = 'cancelled'
        union all
        select p.bank_id, p.session_id, p.clinician_id, 'left_out', l.published_at, l.published_by
          from plan_pair p join plan l on l.bank_id = p.bank_id and l.id = p.plan_id
         where p.left_out and not p.already_booked and l.state = 'published') happened
 where not exists (select from booking b
                    where b.bank_id = happened.bank_id and b.session_id = happened.session_id
                      and b.clinician_id = happened.clinician_id and b.state = 'live')
 order by bank_id, session_id, clinician_id, since desc;
