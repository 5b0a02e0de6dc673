-- Who has accepted which version of the bank's terms of use, and when.
create table terms_accepted (
    bank_id        uuid not null,
    membership_id  uuid not null,
    section        text not null default 'terms',
    version        integer not null,
    accepted_at    timestamptz not null,
    primary key (bank_id, membership_id, version),
    foreign key (bank_id, membership_id) references membership (bank_id, id),
    -- Nobody accepts what was never there.
    foreign key (bank_id, section, version) references bank_rule (bank_id, section, number),
    constraint terms_accepted_of_terms check (section = 'terms')
);
create trigger terms_accepted_append_only before update or delete on terms_accepted
    for each row execute function row_is_never_changed();
select keep_banks_apart();

-- Whether whoever signed in at that moment owes the bank an answer to the terms that were in force then. Asked before a bank
-- is known. Terms that came later are asked about at the next sign-in.
create function owes_terms(of_bank uuid, of_membership uuid, signed_in_at timestamptz) returns boolean
    language plpgsql stable set locumbank.reach = 'service' as $$
begin
    return exists (
        select from bank_rule r
         where r.bank_id = of_bank and r.section = 'terms' and r.decided_at <= signed_in_at
           and not exists (select from terms_accepted t
                            where t.bank_id = of_bank and t.membership_id = of_membership and t.version >= r.number));
end $$;
