-- The sealed log holds ids and salted hashes. What was said in a line lies beside it, where erasing a person can empty it
-- without a seal knowing of it: the salt goes with it, so that nobody guesses from the hash what was said
-- (docs/adr/0013-what-was-said-lies-beside-the-log.md).
create table audit_detail (
    bank_id     uuid not null references bank (id),
    position    bigint not null,
    salt        bytea,
    detail      jsonb,
    erased_at   timestamptz,
    primary key (bank_id, position),
    -- Deferred, because it is written before its line is.
    constraint audit_detail_has_its_line foreign key (position) references audit_event (position)
        deferrable initially deferred,
    constraint audit_detail_whole_or_erased check (
        num_nulls(salt, detail) = case when erased_at is null then 0 else 2 end),
    constraint audit_detail_salt_length check (length(salt) = 32)
);

-- What the log says of a line's detail: nothing of it can be told from this without the salt.
create function audit_detail_hash(salt bytea, detail jsonb) returns text language sql immutable parallel safe as $$
    select encode(sha256(salt || convert_to(detail::text, 'UTF8')), 'hex')
$$;

-- Whatever writes a line with a detail, this puts the detail beside it. So nothing that writes can forget it, and the
-- version before this one goes on writing as it did.
create function audit_detail_lies_beside() returns trigger language plpgsql as $$
declare
    -- Two ids drawn by chance: 244 bits of it.
    drawn constant bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
begin
    if new.detail <> '{}' then
        insert into audit_detail (bank_id, position, salt, detail) values (new.bank_id, new.position, drawn, new.detail);
        new.detail := jsonb_build_object('hash', audit_detail_hash(drawn, new.detail));
    end if;
    return new;
end $$;

-- It is written once, and can be emptied; nothing else becomes of it.
create function audit_detail_is_only_emptied() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (new.bank_id, new.position) = (old.bank_id, old.position)
       and old.erased_at is null and new.erased_at is not null then
        return new;
    end if;
    raise exception 'audit_detail is only emptied'
        using errcode = 'restrict_violation', constraint = 'audit_detail_only_emptied', table = 'audit_detail';
end $$;

-- The lines there are: what was said in them moves beside them, and the seals are made anew over what is left. A seal that
-- did not fit its lines before fits none after: from there on the seals stay as they were, and locumbank doctor goes on
-- saying so. Each keeps what it was (hash_before), which the log of the process was told as it was made.
alter table audit_seal add column hash_before bytea;
alter table audit_seal add constraint audit_seal_hash_before_length check (length(hash_before) = 32);
alter table audit_event disable trigger audit_event_append_only;
alter table audit_seal disable trigger audit_seal_append_only;

insert into audit_detail (bank_id, position, salt, detail)
select bank_id, position, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), detail
  from audit_event
 where detail <> '{}';

do $$
declare
    seal record;
    line record;
    sealed_until bigint := 0;
    was bytea := decode(repeat('00', 32), 'hex');
    becomes bytea := was;
begin
    for seal in select position, hash from audit_seal order by position loop
        for line in
            select e.position::text as place, e.bank_id::text as bank, e.action, e.subject_kind, e.subject_id::text as subject,
                   trunc(extract(epoch from e.at) * 1000000)::bigint::text as at, coalesce(e.account_id::text, '') as account,
                   e.detail::text as said,
                   coalesce(jsonb_build_object('hash', audit_detail_hash(d.salt, d.detail)), '{}')::text as left_of_it,
                   d.position is not null as is_moved
              from audit_event e left join audit_detail d on d.bank_id = e.bank_id and d.position = e.position
             where e.position > sealed_until and e.position <= seal.position
             order by e.position
        loop
            -- As src/ground/audit/seal.rs has it: each part after its length.
            select sha256(was || string_agg(int8send(octet_length(p.part)) || convert_to(p.part, 'UTF8'), '' order by p.at)),
                   sha256(becomes || string_agg(int8send(octet_length(n.part)) || convert_to(n.part, 'UTF8'), '' order by n.at))
              into was, becomes
              from unnest(array[line.place, line.bank, line.at, line.account, line.action, line.subject_kind, line.subject,
                                line.said]) with ordinality as p (part, at)
              join unnest(array[line.place, line.bank, line.at, line.account, line.action, line.subject_kind, line.subject,
                                case when line.is_moved then line.left_of_it else line.said end])
                   with ordinality as n (part, at) on n.at = p.at;
        end loop;
        exit when was <> seal.hash;
        update audit_seal set hash = becomes, hash_before = was where position = seal.position;
        sealed_until := seal.position;
    end loop;
end $$;

update audit_event e
   set detail = jsonb_build_object('hash', audit_detail_hash(d.salt, d.detail))
  from audit_detail d
 where d.bank_id = e.bank_id and d.position = e.position;

-- Deferred constraints are looked at before the tables change again.
set constraints all immediate;
alter table audit_event enable trigger audit_event_append_only;
alter table audit_seal enable trigger audit_seal_append_only;
create trigger audit_detail_lies_beside before insert on audit_event
    for each row execute function audit_detail_lies_beside();
create trigger audit_detail_only_emptied before update or delete on audit_detail
    for each row execute function audit_detail_is_only_emptied();
select keep_banks_apart();

-- The log as it is read: with what was said, as far as it was not erased.
create view audit_line with (security_invoker = true) as
select e.position, e.bank_id, e.at, e.account_id, e.action, e.subject_kind, e.subject_id,
       coalesce(d.detail, case when e.detail ? 'hash' then '{}' else e.detail end) as detail,
       d.erased_at is not null as is_erased
  from audit_event e left join audit_detail d on d.bank_id = e.bank_id and d.position = e.position;
