-- What somebody needs who comes to a practice, as its managers say it, and the number of the version that stands, so that two
-- who change it at once do not undo each other's words.
create table practice_guide (
    bank_id          uuid not null,
    practice_id      uuid not null,
    version          integer not null,
    phone            text not null default '',
    clinical_system  text references competency (code),
    parking          text not null default '',
    arrival          text not null default '',
    contact_name     text not null default '',
    contact_phone    text not null default '',
    changed_by       uuid references account (id),
    changed_at       timestamptz not null,
    primary key (bank_id, practice_id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    constraint practice_guide_version check (version >= 1),
    constraint practice_guide_contact check ((contact_name = '') = (contact_phone = ''))
);
select keep_banks_apart();
