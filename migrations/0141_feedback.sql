-- How a booking went, as each of its two sides says. Only the bank reads it until both have, and then each reads the other's;
-- from then on neither is changed.
create table feedback (
    bank_id      uuid not null,
    booking_id   uuid not null,
    side         text not null,
    went         text not null,
    would_again  boolean not null,
    words        text not null,
    given_by     uuid references account (id),
    given_at     timestamptz not null,
    primary key (bank_id, booking_id, side),
    foreign key (bank_id, booking_id) references booking (bank_id, id),
    constraint feedback_side check (side in ('practice', 'clinician')),
    constraint feedback_went check (went in ('very_well', 'well', 'badly', 'very_badly')),
    constraint feedback_words check (char_length(words) <= 1000)
);
-- Serves: what a bank was told, the newest first.
create index feedback_given_idx on feedback (bank_id, given_at desc, booking_id);

select keep_banks_apart();
