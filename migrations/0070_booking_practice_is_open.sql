-- Nobody is booked where the practice is not open on that day. What was booked before it closed, or before it was said to
-- open later, stays, and is on the list of bookings to look at.
create function booking_practice_is_open() returns trigger language plpgsql as $$
begin
    if new.state = 'live' and not exists (
        select from session s join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
         where s.bank_id = new.bank_id and s.id = new.session_id
           and practice_is_open(p.opened_on, p.closed_on, s.local_date))
    then
        raise exception 'the practice is not open on that day'
            using errcode = 'check_violation', constraint = 'booking_practice_is_open', table = 'booking';
    end if;
    return new;
end $$;
create trigger booking_practice_is_open before insert on booking
    for each row execute function booking_practice_is_open();
