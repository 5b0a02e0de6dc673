-- A booking that stands although a fact on which it rested has changed, until an administrator has settled it: the rule
-- that it breaks, and the sentence for whoever looks. The row goes when the booking is lawful again or has ended.
create table booking_flag (
    bank_id       uuid not null,
    booking_id    uuid not null,
    code          text not null,
    sentence      text not null,
    next_step     text not null,
    since         timestamptz not null,
    primary key (bank_id, booking_id),
    foreign key (bank_id, booking_id) references booking (bank_id, id)
);
