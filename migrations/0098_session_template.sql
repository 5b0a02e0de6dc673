-- What a practice posts again and again: the form that posts, without its dates, under a name.
create table session_template (
    bank_id        uuid not null,
    id             uuid not null,
    practice_id    uuid not null,
    name           text not null,
    fields         jsonb not null,
    saved_by       uuid references account (id),
    saved_at       timestamptz not null,
    primary key (bank_id, id),
    foreign key (bank_id, practice_id) references practice (bank_id, id),
    constraint session_template_name check (name <> ''),
    constraint session_template_name_key unique (bank_id, practice_id, name)
);
select keep_banks_apart();
