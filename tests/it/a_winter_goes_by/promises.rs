//! Every promise that a page or a mail of the work makes, and how it is found out whether it was kept.

/// A promise.
pub struct Promise {
    /// Words of the sentence that makes it, as they stand in the source.
    pub words: &'static str,
    /// Counts how often there was occasion for it.
    pub made: &'static str,
    /// Counts how often it was broken.
    pub not_kept: &'static str,
}

macro_rules! mail_of_booking {
    ($kind:literal) => {
        concat!(
            "exists (select 1 from mail m where m.booking_id = b.id and m.kind = '",
            $kind,
            "' and m.state in ('sent', 'digested'))"
        )
    };
}

/// Not cancelled with several others by one act, which is told in one mail of its own.
macro_rules! by_itself {
    () => {
        "not exists (select 1 from mail w where w.kind = 'sessions_withdrawn_practice' and w.created_at = b.cancelled_at)"
    };
}

macro_rules! answer_was_told {
    () => {
        "exists (select 1 from mail m where m.kind = 'question_answered' and m.dedup_key = q.id || '/' || q.answers
                                       and m.state in ('sent', 'digested'))"
    };
}

/// The table.
pub const PROMISES: &[Promise] = &[
    Promise {
        words: "You and the practice get an email",
        made: "select count(*) from booking where way_in = 'offer'",
        not_kept: concat!(
            "select count(*) from booking b where not (",
            mail_of_booking!("booking_confirmed_clinician"),
            " and ",
            mail_of_booking!("booking_confirmed_practice"),
            ")"
        ),
    },
    Promise {
        words: "You and the practice each get an email with a calendar entry",
        made: "select count(*) from booking where way_in = 'offer'",
        not_kept: "select count(*) from booking b join mail m on m.booking_id = b.id
                    where m.kind like 'booking_confirmed%' and m.calendar_body is null",
    },
    Promise {
        words: "Both sides get an email",
        made: "select count(*) from booking where state = 'cancelled'",
        not_kept: concat!(
            "select count(*) from booking b where b.state = 'cancelled' and ",
            by_itself!(),
            " and not (",
            mail_of_booking!("booking_cancelled_clinician"),
            " and ",
            mail_of_booking!("booking_cancelled_practice"),
            ")"
        ),
    },
    Promise {
        words: "The practice has been told",
        made: "select count(*) from booking where state = 'cancelled' and cancelled_side = 'clinician'",
        not_kept: concat!(
            "select count(*) from booking b where not ",
            mail_of_booking!("booking_confirmed_practice"),
            " or (b.state = 'cancelled' and ",
            by_itself!(),
            " and not ",
            mail_of_booking!("booking_cancelled_practice"),
            ")"
        ),
    },
    Promise {
        words: "gets an email with your reason",
        made: "select count(*) from booking where state = 'cancelled'",
        not_kept: "select count(*) from booking b
                    where b.state = 'cancelled'
                      and not exists (select 1 from mail m
                                       where m.booking_id = b.id and m.kind like 'booking_cancelled%'
                                         and m.state in ('sent', 'digested')
                                         and position(b.cancel_reason in m.text_body) > 0)",
    },
    Promise {
        words: "The session is open again, and the bank has been told",
        made: "select count(*) from mail where kind = 'booking_cancelled_bank'",
        not_kept: concat!(
            "select count(*) from booking b join session s on s.id = b.session_id
              where b.state = 'cancelled' and b.cancelled_side <> 'bank' and s.starts_at > b.cancelled_at
                and (s.withdrawn_at is null or s.withdrawn_at > b.cancelled_at) and not ",
            mail_of_booking!("booking_cancelled_bank")
        ),
    },
    Promise {
        words: "The bank has been told, and can book somebody who agrees by phone",
        made: "select count(*) from mail where kind = 'booking_cancelled_practice'
                and text_body like '%starts too soon to be offered by email%'",
        not_kept: concat!(
            "select count(*) from booking b join mail p on p.booking_id = b.id
              where p.kind = 'booking_cancelled_practice'
                and p.text_body like '%starts too soon to be offered by email%'
                and not exists (select 1 from membership m where m.account_id = b.cancelled_by and m.kind = 'bank_administrator')
                and not ",
            mail_of_booking!("booking_cancelled_bank")
        ),
    },
    Promise {
        words: "the bank is told",
        made: "select count(*) from booking where state = 'cancelled'",
        not_kept: "select count(*) from mail where kind = 'booking_cancelled_bank' and state not in ('sent', 'dropped')",
    },
    Promise {
        words: "plans do not propose",
        made: "select count(*) from not_again",
        not_kept: "select count(*) from offer o join not_again n
                       on n.session_id = o.session_id and n.clinician_id = o.clinician_id
                    where o.offered_at > n.since",
    },
    Promise {
        words: "is told by email",
        made: "select count(*) from audit_event where action in ('session.moved', 'session.withdrawn')",
        not_kept: "select count(*) from audit_event e join booking b on b.session_id = e.subject_id
                    where e.action = 'session.moved' and b.made_at < e.at
                      and (b.cancelled_at is null or b.cancelled_at > e.at)
                      and not exists (select 1 from mail m
                                       where m.booking_id = b.id and m.kind = 'booking_changed_clinician'
                                         and m.created_at = e.at)",
    },
    Promise {
        words: "We tell everybody concerned by email",
        made: "select count(*) from session where state = 'withdrawn'",
        not_kept: "select count(*) from session s join offer o on o.session_id = s.id
                    where s.state = 'withdrawn' and o.state = 'withdrawn' and o.answered_at = s.withdrawn_at
                      and not exists (select 1 from mail m where m.offer_id = o.id and m.kind = 'offer_withdrawn')",
    },
    Promise {
        words: "Each clinician gets an email with a link to answer",
        made: "select count(*) from offer where plan_id is not null",
        not_kept: "select count(*) from offer o
                    where not exists (select 1 from mail m left join mail d on d.id = m.digest_id
                                       where m.offer_id = o.id and m.kind = 'session_offered'
                                         and (m.state = 'sent' or d.state = 'sent'))
                      and o.state <> 'withdrawn'",
    },
    Promise {
        words: "are held for you",
        made: "select count(*) from offer",
        not_kept: "select count(*) from offer o join booking b
                       on b.session_id = o.session_id and b.place_no = o.place_no and b.clinician_id <> o.clinician_id
                    where b.made_at > o.offered_at and b.made_at < least(coalesce(o.answered_at, o.expires_at), o.expires_at)",
    },
    Promise {
        words: "It can now be offered to somebody else",
        made: "select count(*) from offer where state in ('lapsed', 'declined')",
        not_kept: "select count(*) from offer where state = 'open' and expires_at < (select max(at) from audit_event)",
    },
    Promise {
        words: "No session is offered to you on",
        made: "select count(*) from time_away",
        not_kept: "select count(*) from time_away t join audit_line e on e.action = 'availability.away_added'
                       and e.detail ->> 'from' = t.from_date::text
                   join offer o on o.clinician_id = t.clinician_id and o.offered_at > e.at
                   join session s on s.id = o.session_id and s.local_date between t.from_date and t.until_date",
    },
    Promise {
        words: "You will not be offered sessions at this practice",
        made: "select count(*) from practice_preference where kind = 'refused'",
        not_kept: "select count(*) from practice_preference p
                   join session s on s.practice_id = p.practice_id
                   join offer o on o.session_id = s.id and o.clinician_id = p.clinician_id
                    where p.kind = 'refused'
                      and o.offered_at > (select max(e.at) from audit_line e
                                           where e.action like '%preference%' and e.detail ->> 'practice' = p.practice_id::text)",
    },
    Promise {
        words: "The clinician will not be offered your sessions",
        made: "select count(*) from practice_refusal",
        not_kept: "select count(*) from practice_refusal r
                   join session s on s.practice_id = r.practice_id
                   join offer o on o.session_id = s.id and o.clinician_id = r.clinician_id
                    where o.offered_at > r.refused_at",
    },
    Promise {
        words: "has been told. The attached entry updates your calendar",
        made: "select count(*) from mail where kind = 'booking_changed_practice'",
        not_kept: "select count(*) from mail p where p.kind = 'booking_changed_practice'
                      and not exists (select 1 from mail m
                                       where m.booking_id = p.booking_id and m.kind = 'booking_changed_clinician'
                                         and m.created_at = p.created_at)",
    },
    Promise {
        words: "it is listed here and you get an email",
        made: "select count(*) from offer",
        not_kept: "select count(*) from offer o
                    where not exists (select 1 from mail m where m.offer_id = o.id and m.kind = 'session_offered')",
    },
    Promise {
        words: "they and the practice get an email with the calendar entry",
        made: "select count(*) from booking where way_in = 'administrator'",
        not_kept: concat!(
            "select count(*) from booking b where b.way_in = 'administrator' and not (",
            mail_of_booking!("booking_confirmed_clinician"),
            " and ",
            mail_of_booking!("booking_confirmed_practice"),
            ")"
        ),
    },
    Promise {
        words: "Nobody has been told of it, and nobody will be",
        made: "select count(*) from plan where state = 'discarded'",
        not_kept: "select count(*) from offer o join plan p on p.id = o.plan_id where p.state = 'discarded'",
    },
    Promise {
        words: "Nobody is told anything until you publish it",
        made: "select count(*) from plan",
        not_kept: "select count(*) from offer o join plan p on p.id = o.plan_id
                    where p.state <> 'published'
                       or o.offered_at < (select e.at from audit_event e
                                           where e.action = 'plan.published' and e.subject_id = p.id)",
    },
    Promise {
        words: "you left out",
        made: "select count(*) from plan_pair l join plan p on p.id = l.plan_id where l.left_out and p.state = 'published'",
        not_kept: "select count(*) from plan_pair l
                     join offer o on o.plan_id = l.plan_id and o.session_id = l.session_id
                                 and o.clinician_id = l.clinician_id
                    where l.left_out",
    },
    Promise {
        words: "they get an email that says so",
        made: "select count(*) from not_again where cause = 'offer_taken_back'",
        not_kept: "select count(*) from offer o join not_again n
                       on n.session_id = o.session_id and n.clinician_id = o.clinician_id
                    where n.cause = 'offer_taken_back' and o.state = 'withdrawn' and o.answered_at = n.since
                      and not exists (select 1 from mail m
                                       where m.offer_id = o.id and m.kind = 'offer_withdrawn' and m.state = 'sent')",
    },
    Promise {
        words: "Everybody who was booked has been told",
        made: concat!("select count(*) from booking b where b.state = 'cancelled' and not ", by_itself!()),
        not_kept: concat!(
            "select count(*) from booking b join clinician c on c.bank_id = b.bank_id and c.id = b.clinician_id
              where b.state = 'cancelled' and not ",
            by_itself!(),
            " and not ",
            mail_of_booking!("booking_cancelled_clinician"),
            " and not exists (select 1 from mail m join mail_recipient r on r.mail_id = m.id
                               where m.kind = 'sessions_withdrawn_clinician' and m.created_at = b.cancelled_at
                                 and r.account_id = c.account_id and m.state in ('sent', 'digested'))"
        ),
    },
    Promise {
        words: "The offer is taken back. The clinician gets an email",
        made: "select count(*) from offer where state = 'withdrawn'",
        not_kept: "select count(*) from offer o where o.state = 'withdrawn'
                      and not exists (select 1 from mail m where m.offer_id = o.id and m.kind = 'offer_withdrawn')",
    },
    Promise {
        words: "will get an email when you change the notes",
        made: "select count(*) from audit_event where action = 'booking.changed'",
        not_kept: "select count(*) from audit_event e where e.action = 'booking.changed'
                      and not exists (select 1 from mail m
                                       where m.booking_id = e.subject_id and m.kind = 'booking_changed_clinician'
                                         and m.created_at = e.at)",
    },
    Promise {
        words: "will get an email with the new time and the new pay",
        made: "select count(*) from audit_event where action = 'booking.moved'",
        not_kept: "select count(*) from audit_event e where e.action = 'booking.moved'
                      and not exists (select 1 from mail m
                                       where m.booking_id = e.subject_id and m.kind = 'booking_changed_clinician'
                                         and m.created_at = e.at)",
    },
    Promise {
        words: "oth of you get an email",
        made: "select count(*) from booking where way_in = 'request'",
        not_kept: concat!(
            "select count(*) from booking b where b.way_in = 'request' and not (",
            mail_of_booking!("booking_confirmed_clinician"),
            " and ",
            mail_of_booking!("booking_confirmed_practice"),
            ")"
        ),
    },
    Promise {
        words: "the question is listed here and you get an email",
        made: "select count(*) from question",
        not_kept: "select count(*) from question q where not exists (
                     select 1 from mail m where m.kind = 'question_asked' and m.dedup_key = q.id::text
                                            and m.state in ('sent', 'digested'))",
    },
    Promise {
        words: "You get an email when it answers",
        made: "select count(*) from question where answers > 0",
        not_kept: concat!("select count(*) from question q where q.answers > 0 and not ", answer_was_told!()),
    },
    Promise {
        words: "for everybody who sees the session. Who asked gets an email",
        made: "select count(*) from question where answers > 0",
        not_kept: concat!("select count(*) from question q where q.answers > 0 and not ", answer_was_told!()),
    },
    Promise {
        words: "the request is listed here and you get an email",
        made: "select count(*) from request where round_id is null",
        not_kept: "select count(*) from request q
                    where q.round_id is null and not exists (select 1 from mail m
                                       where m.kind = 'session_requested' and m.dedup_key = q.id::text
                                         and m.state in ('sent', 'digested'))",
    },
    Promise {
        words: "You have asked for the session. The practice gets an email",
        made: "select count(*) from request where round_id is null",
        not_kept: "select count(*) from request q
                    where q.round_id is null and not exists (select 1 from mail m
                                       where m.kind = 'session_requested' and m.dedup_key = q.id::text
                                         and m.state in ('sent', 'digested'))",
    },
    Promise {
        words: "and you get an email when it has, and when it has not",
        made: "select count(*) from request where round_id is not null and state in ('accepted', 'ended')",
        not_kept: concat!(
            "select count(*) from request q join booking b on b.id = q.booking_id
              where q.round_id is not null and not ",
            mail_of_booking!("booking_confirmed_clinician")
        ),
    },
    Promise {
        words: "goes back, and the clinician",
        made: "select count(*) from request where reason = 'The practice did not confirm in time.'",
        not_kept: "select count(*) from request q join clinician c on c.id = q.clinician_id
                    where q.reason = 'The practice did not confirm in time.'
                      and not exists (select 1 from mail m
                                       where m.kind = 'proposals_lapsed' and m.state in ('sent', 'digested')
                                         and m.dedup_key like q.round_id || ':' || c.account_id || ':%')",
    },
];
