-- Clinicians join by themselves, from the bank's public page.

-- The end of the address of the bank's public page, which stands on posters: made of its name once, and kept when the
-- name changes.
alter table bank add column public_name text;
create function name_bank_publicly() returns trigger language plpgsql as $$
declare
    plain text := coalesce(nullif(btrim(regexp_replace(lower(public.unaccent(new.name)), '[^a-z0-9]+', '-', 'g'), '-'), ''), 'bank');
    tried text := left(plain, 60);
    number integer := 1;
begin
    while exists (select from public.bank where public_name = tried) loop
        number := number + 1;
        tried := left(plain, 60) || '-' || number;
    end loop;
    new.public_name := tried;
    return new;
end $$;
create trigger name_bank_publicly before insert on bank for each row when (new.public_name is null) execute function name_bank_publicly();
create trigger name_bank_publicly_before before update on bank for each row when (new.public_name is null)
    execute function name_bank_publicly();
do $$
declare
    one uuid;
begin
    for one in select id from bank order by created_at, id loop
        update bank set public_name = null where id = one;
    end loop;
end $$;
drop trigger name_bank_publicly_before on bank;
alter table bank alter column public_name set not null;
alter table bank add constraint bank_public_name_key unique (public_name);
alter table bank add constraint bank_public_name_shape check (public_name ~ '^[a-z0-9]+(-[a-z0-9]+)*$');

-- What somebody who joins by themselves has written before their address was confirmed. Nobody has invited them, so that
-- lists of who was invited do not show them; and beside them the same person can be invited.
alter table invitation add column said jsonb;
alter table invitation add constraint invitation_said_by_clinician
    check (said is null or (kind = 'clinician' and invited_by is null));
drop index invitation_open_key;
create unique index invitation_open_key on invitation (bank_id, email, kind)
    where state = 'open' and kind <> 'practice_manager' and said is null;
create unique index invitation_open_own_key on invitation (bank_id, email) where state = 'open' and said is not null;
-- Serves: what was begun and has lapsed, which is forgotten.
create index invitation_own_lapsed_idx on invitation (expires_at) where state = 'open' and said is not null;

-- As in 0065_people_of_a_bank.sql, without those whom nobody has invited.
create or replace function people_found(bank uuid, typed text) returns table (membership_id uuid, invitation_id uuid)
language plpgsql stable parallel safe rows 50
as $$
declare
    patterns text[] := public.search_patterns(typed);
    address text := '%' || replace(replace(replace(lower(btrim(typed)), '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
    return query
    select m.id, null::uuid
      from membership m
     where m.bank_id = bank
       and (btrim(typed) = '' or m.account_id in (
                select a.id from account a
                 where a.name_searched like patterns[1]
                   and a.name_searched like coalesce(patterns[2], patterns[1])
                   and a.name_searched like all (patterns)
                union all
                select a.id from account a where a.email like address))
     union all
    select null::uuid, i.id
      from invitation i
     where i.bank_id = bank and i.state = 'open' and i.said is null
       and (btrim(typed) = '' or public.search_key(i.name) like all (patterns) or i.email like address);
end
$$;

-- The banks that have a public page, with what each has decided of what everybody may read: asked by visitors, who act in
-- no bank.
create function public_banks() returns table (bank_id uuid, name text, public_name text, invented boolean, rules jsonb)
    language plpgsql stable rows 5 set locumbank.reach = 'service' as $$
#variable_conflict use_column
begin
    return query
    select b.id, b.name, b.public_name, b.invented,
           (select coalesce(jsonb_object_agg(n.section, jsonb_build_object('number', n.number, 'value', n.value,
                                                                           'decided_at', n.decided_at)), '{}')
              from (select distinct on (r.section) r.section, r.number, r.value, r.decided_at
                      from bank_rule r
                     where r.bank_id = b.id and r.section in ('about', 'joining', 'terms', 'privacy')
                     order by r.section, r.number desc) n)
      from bank b
     where b.removed_at is null;
end $$;

-- The names of others in the bank who give the same number of the same register: one of them is mistaken, or they are one
-- person.
create function same_number(of_bank uuid, of_clinician uuid) returns text[] language plpgsql stable parallel safe as $$
begin
    return array(select a.name
                   from clinician c
                   join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
                   join clinician o on o.bank_id = c.bank_id and o.registration_number = c.registration_number
                                   and o.id <> c.id
                   join role_of_bank q on q.bank_id = o.bank_id and q.code = o.role and q.regulator = r.regulator
                   join account a on a.id = o.account_id
                  where c.bank_id = of_bank and c.id = of_clinician
                  order by a.name, o.id);
end $$;
