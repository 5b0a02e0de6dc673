-- What a bank calls its roles and competencies, what the numbers of a role's register look like, and until when it uses
-- them: versions, each with who decided and why. Those that come with the service count as they come until a bank decides
-- otherwise. `brought_by` is the bank that added one, which no other bank sees.
alter table role add column brought_by uuid references bank (id);
alter table role drop constraint role_code_shape;
alter table role add constraint role_code_shape check (code ~ '^[a-z][a-z0-9_]*$');
alter table competency add column brought_by uuid references bank (id);

create table role_decision (
    bank_id            uuid not null references bank (id),
    code               text not null references role (code),
    number             integer not null,
    name               text not null,
    plural             text not null,
    regulator          text,
    register_pattern   text,
    register_example   text,
    lowest_afc_band    smallint,
    highest_afc_band   smallint,
    used_until         date,
    why                text not null,
    decided_by         uuid references account (id),
    decided_at         timestamptz not null,
    primary key (bank_id, code, number),
    constraint role_decision_number check (number >= 1),
    constraint role_decision_said check (name <> '' and plural <> '' and why <> ''),
    -- A register has numbers of a form that is shown by an example.
    constraint role_decision_register check (
        num_nonnulls(regulator, register_pattern, register_example) in (0, 3) and register_example ~ register_pattern),
    constraint role_decision_afc_bands check (
        (lowest_afc_band is null) = (highest_afc_band is null)
        and (lowest_afc_band is null or (lowest_afc_band between 2 and highest_afc_band and highest_afc_band <= 9)))
);
create trigger role_decision_append_only before update or delete on role_decision
    for each row execute function row_only_loses_words('why');

create table competency_decision (
    bank_id       uuid not null references bank (id),
    code          text not null references competency (code),
    number        integer not null,
    name          text not null,
    used_until    date,
    why           text not null,
    decided_by    uuid references account (id),
    decided_at    timestamptz not null,
    primary key (bank_id, code, number),
    constraint competency_decision_number check (number >= 1),
    constraint competency_decision_said check (name <> '' and why <> '')
);
create trigger competency_decision_append_only before update or delete on competency_decision
    for each row execute function row_only_loses_words('why');
select keep_banks_apart();

-- The roles and the competencies of each bank, as it has them now. `number` is that of the decision that counts, 0 where
-- none does.
create view role_of_bank with (security_invoker = true) as
select b.id as bank_id, r.code, coalesce(d.name, r.name) as name, coalesce(d.plural, r.plural) as plural,
       case when d.number is null then r.regulator else d.regulator end as regulator,
       case when d.number is null then r.register_pattern else d.register_pattern end as register_pattern,
       case when d.number is null then r.register_example else d.register_example end as register_example,
       case when d.number is null then r.lowest_afc_band else d.lowest_afc_band end as lowest_afc_band,
       case when d.number is null then r.highest_afc_band else d.highest_afc_band end as highest_afc_band,
       d.used_until, coalesce(d.number, 0) as number
  from bank b
  join role r on r.brought_by is null or r.brought_by = b.id
  left join lateral (select * from role_decision v
                      where v.bank_id = b.id and v.code = r.code
                      order by v.number desc limit 1) d on true;

create view competency_of_bank with (security_invoker = true) as
select b.id as bank_id, c.code, coalesce(d.name, c.name) as name, c.kind, d.used_until, coalesce(d.number, 0) as number
  from bank b
  join competency c on c.brought_by is null or c.brought_by = b.id
  left join lateral (select * from competency_decision v
                      where v.bank_id = b.id and v.code = c.code
                      order by v.number desc limit 1) d on true;

-- As before, by the name that the bank gives the document.
create or replace function document_cap(bank uuid, clinician uuid, for_role text)
    returns table (works_until date, document text, document_ends date) language sql stable parallel safe as $$
    select greatest(h.valid_through, n.valid_from - 1), k.name, h.valid_through
      from role_requirement n
      join competency_of_bank k on k.bank_id = n.bank_id and k.code = n.competency
      left join clinician_competency h
        on h.bank_id = n.bank_id and h.clinician_id = clinician and h.competency = n.competency
     where n.bank_id = bank and n.role = for_role and (h.competency is null or h.valid_through is not null)
     order by 1, k.name
     limit 1
$$;
