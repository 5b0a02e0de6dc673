//! An advert as somebody would have typed it: the names and values of the form that reads it.

use chrono::NaiveDate;
use chrono_tz::Europe::London;

use super::advert::Advert;
use crate::ground::words;

/// The three boxes of a date.
fn date(name: &str, date: NaiveDate) -> [(String, String); 3] {
    [("day", "%-d"), ("month", "%-m"), ("year", "%Y")]
        .map(|(part, pattern)| (format!("{name}-{part}"), date.format(pattern).to_string()))
}

/// Pence as somebody types them: "11000", "12.60".
fn pounds(pence: i64) -> String {
    if pence % 100 == 0 { (pence / 100).to_string() } else { format!("{}.{:02}", pence / 100, pence % 100) }
}

/// The fields that say what an advert says, but for its places.
#[must_use]
pub fn filled_in(advert: &Advert) -> Vec<(String, String)> {
    let closes = advert.closes_at.with_timezone(&London);
    let said = [
        ("title", advert.title.clone()),
        ("role", advert.role.clone().unwrap_or_default()),
        ("staff_group", advert.staff_group.clone()),
        ("contract", advert.contract.code().to_owned()),
        ("months", advert.months.map(|months| months.to_string()).unwrap_or_default()),
        ("hours_unit", advert.hours.unit.code().to_owned()),
        ("hours_least", words::decimal(advert.hours.least_hundredths)),
        ("hours_most", words::decimal(advert.hours.most_hundredths)),
        ("pay_band", advert.pay.band.clone().unwrap_or_default()),
        ("pay_unit", advert.pay.unit.code().to_owned()),
        ("pay_least", pounds(advert.pay.least_pence)),
        ("pay_most", pounds(advert.pay.most_pence)),
        ("closes_time", words::time_of_day(closes.time())),
        ("duties", advert.duties.clone()),
        ("about", advert.about.clone()),
        ("pattern", advert.pattern.clone()),
        ("essential", advert.essential.join("\n")),
        ("desirable", advert.desirable.join("\n")),
        ("benefits", advert.benefits.join("\n")),
        ("mentoring", advert.mentoring.clone()),
        ("visa", if advert.sponsors_visa { "yes" } else { "" }.to_owned()),
        ("disability_confident", if advert.is_disability_confident { "yes" } else { "" }.to_owned()),
        ("contact_name", advert.contact.name.clone()),
        ("contact_email", advert.contact.email.clone()),
        ("contact_phone", advert.contact.phone.clone()),
    ];
    let mut fields: Vec<_> = said.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    fields.extend(date("closes", closes.date_naive()));
    fields.extend(advert.starts_on.into_iter().flat_map(|on| date("starts", on)));
    if let Some((first, last)) = advert.interviews {
        fields.extend(date("interview_first", first));
        fields.extend(date("interview_last", last));
    }
    fields.retain(|(_, value)| !value.is_empty());
    fields
}
