//! The fields of a vacancy's form.

use crate::ground::form_fields::Field;

/// Declares the fields, each with its name in the form.
macro_rules! fields {
    ($($name:ident $code:literal;)*) => {
        /// A field of the form.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is the part of an advert of its name")]
        pub enum AdvertField {
            $($name,)*
        }

        impl Field for AdvertField {
            fn name(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

fields! {
    Practice "practice";
    Places "places";
    Title "title";
    Role "role";
    StaffGroup "staff_group";
    Contract "contract";
    Months "months";
    HoursUnit "hours_unit";
    HoursLeast "hours_least";
    HoursMost "hours_most";
    PayBand "pay_band";
    PayUnit "pay_unit";
    PayLeast "pay_least";
    PayMost "pay_most";
    Starts "starts";
    Closes "closes";
    ClosesTime "closes_time";
    InterviewFirst "interview_first";
    InterviewLast "interview_last";
    Duties "duties";
    About "about";
    Pattern "pattern";
    Essential "essential";
    Desirable "desirable";
    Benefits "benefits";
    Mentoring "mentoring";
    Visa "visa";
    ContactName "contact_name";
    ContactEmail "contact_email";
    ContactPhone "contact_phone";
}
