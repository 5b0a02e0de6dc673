//! A vacancy for programs: schema.org's `JobPosting`, as search engines read it from its page.

use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::store::{Advertised, Workplace};
use crate::ground::id::VacancyId;
use crate::ground::words::{in_london, london_date};
use crate::hiring::vacancy::Contract;
use crate::hiring::vacancy::advert::Advert;
use crate::hiring::vacancy::pay::PayUnit;
use crate::terms::rules::paragraphs;

/// A moment with the offset of London's clocks: "2026-11-30T17:00:00+00:00".
#[must_use]
pub fn with_offset(instant: DateTime<Utc>) -> String {
    in_london(instant).to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn employment_types(advert: &Advert) -> Vec<&'static str> {
    let (least, most) = advert.hours.minutes();
    let mut types = Vec::new();
    if most >= super::FULL_TIME_MINUTES {
        types.push("FULL_TIME");
    }
    if least < super::FULL_TIME_MINUTES {
        types.push("PART_TIME");
    }
    match advert.contract {
        Contract::FixedTerm => types.push("TEMPORARY"),
        Contract::BankOnly => types.push("PER_DIEM"),
        _ => {}
    }
    types
}

/// The description as HTML, which this property is.
#[derive(Template)]
#[template(path = "hiring/search/description.html")]
struct Description<'a> {
    prose: Vec<String>,
    lists: [&'a [String]; 3],
}

impl<'a> Description<'a> {
    fn of(advert: &'a Advert) -> Self {
        let prose = [&advert.duties, &advert.pattern, &advert.about].map(|text| paragraphs(text));
        Self { prose: prose.concat(), lists: [&advert.essential, &advert.desirable, &advert.benefits] }
    }
}

fn place(place: &Workplace) -> Value {
    let degrees = |microdegrees: i32| f64::from(microdegrees) / 1e6;
    json!({
        "@type": "Place",
        "name": place.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": place.address,
            "postalCode": place.postcode,
            "addressCountry": "GB",
        },
        "geo": {
            "@type": "GeoCoordinates",
            "latitude": degrees(place.latitude_microdegrees),
            "longitude": degrees(place.longitude_microdegrees),
        },
    })
}

fn salary(advert: &Advert) -> Value {
    let pay = &advert.pay;
    // What is paid for each session a week is told as a year of full time, which is a unit that there is.
    let ((least, most), unit) = match pay.unit {
        PayUnit::Hour => ((pay.least_pence, pay.most_pence), "HOUR"),
        PayUnit::Year | PayUnit::Session => (pay.pence_per_year(), "YEAR"),
    };
    #[expect(clippy::cast_precision_loss, reason = "pay is far below where a float loses pence")]
    let pounds = |pence: i64| pence as f64 / 100.0;
    json!({
        "@type": "MonetaryAmount",
        "currency": "GBP",
        "value": {
            "@type": "QuantitativeValue",
            "minValue": pounds(least),
            "maxValue": pounds(most),
            "unitText": unit,
        },
    })
}

/// The vacancy as a `JobPosting`. `url` is its page.
pub fn job_posting(id: VacancyId, vacancy: &Advertised, url: &str) -> Result<Value, askama::Error> {
    let advert = &vacancy.advert.0;
    let times = vacancy.times();
    let practice = vacancy.places.first().map(|place| place.name.as_str()).unwrap_or_default();
    Ok(json!({
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": advert.title,
        "description": Description::of(advert).render()?,
        "identifier": { "@type": "PropertyValue", "name": practice, "value": id },
        "datePosted": london_date(times.opens_at),
        "validThrough": with_offset(times.end()),
        "employmentType": employment_types(advert),
        "hiringOrganization": { "@type": "Organization", "name": practice },
        "jobLocation": vacancy.places.iter().map(place).collect::<Vec<_>>(),
        "baseSalary": salary(advert),
        "directApply": true,
        "url": url,
    }))
}

/// JSON that can stand in a page's `script`: nothing in it ends the script or begins a tag.
#[must_use]
pub fn for_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{for_script, with_offset};

    #[test]
    fn a_moment_has_the_offset_of_its_season() {
        let at = |text: &str| with_offset(text.parse().unwrap());
        assert_eq!(at("2026-11-30T17:00:00Z"), "2026-11-30T17:00:00+00:00");
        assert_eq!(at("2027-06-30T16:00:00Z"), "2027-06-30T17:00:00+01:00");
    }

    #[test]
    fn nothing_typed_ends_the_script() {
        let text = for_script(&json!({ "title": "</script><script>alert(1)&" }));
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&'), "{text}");
        let again: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(again["title"], "</script><script>alert(1)&");
    }
}
