-- The number on a register that a clearance was decided on, '' where there was none. Another number is another entry, so a
-- decision counts for the number that it was made on; one made without a number, knowingly, counts for any. What was decided before is taken to have been on the number there is.
alter table clearance add column decided_on_number text;
alter table clearance disable trigger clearance_append_only;
update clearance l
   set decided_on_number = coalesce(c.registration_number, '')
  from clinician c
 where c.bank_id = l.bank_id and c.id = l.clinician_id;
alter table clearance enable trigger clearance_append_only;

-- Whoever writes a decision and does not say on which number, decides on the one there is.
create function clearance_is_of_a_number() returns trigger language plpgsql as $$
begin
    if new.decided_on_number is null then
        select coalesce(registration_number, '') into new.decided_on_number
          from clinician where bank_id = new.bank_id and id = new.clinician_id;
    end if;
    return new;
end $$;
create trigger clearance_is_of_a_number before insert on clearance
    for each row execute function clearance_is_of_a_number();

-- Never-event 4, as far as the number goes: nobody is booked on a decision about another number.
create function booking_number_was_decided_on() returns trigger language plpgsql as $$
begin
    if not exists (select from clearance l
                     join clinician c on c.bank_id = l.bank_id and c.id = l.clinician_id
                    where l.bank_id = new.bank_id and l.id = new.clearance_id
                      and l.decided_on_number in ('', coalesce(c.registration_number, '')))
    then
        raise exception 'the clearance was decided on another registration number'
            using errcode = 'check_violation', constraint = 'booking_number_was_decided_on', table = 'booking';
    end if;
    return new;
end $$;
create trigger booking_number_was_decided_on before insert on booking
    for each row execute function booking_number_was_decided_on();
