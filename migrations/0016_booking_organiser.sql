-- Who calendars were told organises a booking: they take its change or end from nobody else. Those made before are read
-- from the calendar entry that told of them.
alter table booking add column organiser_name text, add column organiser_address text;
alter table booking add constraint booking_organiser_whole check ((organiser_name is null) = (organiser_address is null));

update booking b
   set organiser_name = told.organiser[1], organiser_address = told.organiser[2]
  from (select m.bank_id, m.booking_id,
               regexp_match(replace(m.calendar_body, E'\r\n ', ''), 'ORGANIZER;CN="?([^":\r\n]*)"?:mailto:([^\r\n]+)') as organiser
          from mail m
         where m.kind = 'booking_confirmed_clinician' and m.calendar_body is not null) told
 where told.bank_id = b.bank_id and told.booking_id = b.id and told.organiser is not null;
