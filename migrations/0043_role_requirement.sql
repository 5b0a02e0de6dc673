-- The documents and checks that a role needs, as each bank decides: from a date on, nobody of the role works beyond the
-- end of such a document, nor without it. A bank that was there before needs none until it says so.
create table role_requirement (
    bank_id       uuid not null references bank (id),
    role          text not null references role (code),
    competency    text not null references competency (code),
    valid_from    date not null,
    decided_by    uuid references account (id),
    decided_at    timestamptz not null,
    primary key (bank_id, role, competency)
);
select keep_banks_apart();

-- How far the documents of a clinician reach that their role needs: the last day, and the document that ends then, or that
-- is not there. No row where none of them ends.
create function document_cap(bank uuid, clinician uuid, for_role text)
    returns table (works_until date, document text, document_ends date) language sql stable parallel safe as $$
    select greatest(h.valid_through, n.valid_from - 1), k.name, h.valid_through
      from role_requirement n
      join competency k on k.code = n.competency
      left join clinician_competency h
        on h.bank_id = n.bank_id and h.clinician_id = clinician and h.competency = n.competency
     where n.bank_id = bank and n.role = for_role and (h.competency is null or h.valid_through is not null)
     order by 1, k.name
     limit 1
$$;

-- The decision that counts, and how far it reaches: no farther than the documents that the role needs. `document` is the one
-- that ends before the decision does, or that is not there; none where the decision itself is the first to end.
create or replace view clearance_in_force with (security_invoker = true) as
select c.bank_id, newest.id, c.id as clinician_id, c.role, newest.cleared_until, newest.reason, newest.decided_by,
       newest.decided_at, least(newest.cleared_until, cap.works_until) as works_until, cap.document, cap.document_ends
  from clinician c
 cross join lateral (
       select l.id, l.cleared_until, l.reason, l.decided_by, l.decided_at
         from clearance l
        where l.bank_id = c.bank_id and l.clinician_id = c.id and l.role = c.role
        order by l.position desc
        limit 1) newest
  left join lateral document_cap(c.bank_id, c.id, c.role) cap on cap.works_until < newest.cleared_until;

-- Never-event 4, as far as documents reach too.
create or replace function booking_clearance_covers() returns trigger language plpgsql as $$
declare
    newest record;
    worked_until date;
begin
    if new.state <> 'live' then
        return new;
    end if;
    select last_date into worked_until from session where bank_id = new.bank_id and id = new.session_id;
    select l.id, l.works_until into newest
      from clearance_in_force l
     where l.bank_id = new.bank_id and l.clinician_id = new.clinician_id and l.role = new.role;
    if newest.id is null or newest.works_until < worked_until
       -- A clearance that was renewed since covers what was agreed under the one before.
       or (tg_op = 'INSERT' and newest.id <> new.clearance_id)
    then
        raise exception 'the clearance in force does not cover the session'
            using errcode = 'check_violation', constraint = 'booking_clearance_covers', table = 'booking';
    end if;
    return new;
end $$;
