//! What people type: what one expects, the longest, and the strangest.

use chrono::{DateTime, Utc};
use locumbank::ground::id::BankId;
use locumbank::ground::mail::Letterhead;
use locumbank::ground::mail::specimen::Specimen;

/// A specimen with the name it goes by when something is wrong.
#[derive(Clone)]
pub struct Named {
    /// The name.
    pub name: &'static str,
    /// The data.
    pub specimen: Specimen,
}

/// Plain data, and the same with every text that a person may type made strange.
pub fn specimens(bank: BankId, now: DateTime<Utc>) -> Vec<Named> {
    let letterhead = Letterhead {
        base_url: "https://bank.example".to_owned(),
        from_name: "Orchid bank".to_owned(),
        from_address: "bank@bank.example".to_owned(),
    };
    let plain = Specimen::plain(bank, "Orchid bank", letterhead, now);
    let mut all = vec![Named { name: "plain", specimen: plain.clone() }];
    for (name, text) in [
        ("Welsh", "Dr Llŷr ap Rhŷs o Lanfair\u{ad}pwll, Tŷ’r Ŵyn â’r Ôl".to_owned()),
        ("emoji", "👩🏽‍⚕️ Ann 🏥💉 O\u{2019}Neill 🇬🇧".to_owned()),
        ("right-to-left", "د. آن ‎(Ann)‏ \u{202e}nnA\u{202c} שלום".to_owned()),
        ("combining", "Ann Zoe\u{308} \u{200b}\u{feff}A\u{30a}\u{327}\u{1f468}\u{200d}\u{2695}".to_owned()),
        (
            "line breaks",
            "Ann\r\nBcc: eve@example.org\r\n\r\n<p>Hello</p>\rX\nSubject: Other\u{2028}Y\u{0085}Z\u{0b}"
                .to_owned(),
        ),
        ("control characters", "Ann\tA\u{7}B\u{1b}[31mC\u{7f}".to_owned()),
        (
            "markup",
            "<script>alert(1)</script> <b>Ann</b> & \"Sons\" <img src=x> {{ letter.name }} &amp;".to_owned(),
        ),
        ("quotes", "\"Ann\" 'O''Neill' <ann@else.example>, (MD); \\ back\\slash, eve@example.org".to_owned()),
        (
            "encoded words",
            "=?utf-8?b?QmNjOiBldmVAZXhhbXBsZS5vcmc=?= =?utf-8?Q?=0D=0ABcc:_eve?= =20=3D".to_owned(),
        ),
        ("placeholders", "[[offer-link:nonsense]] [[ ]] [[offer-link:".to_owned()),
        ("calendar", "A;B,C:D\\nE\\,F END:VEVENT BEGIN:VALARM ;CN=\"X\":mailto:eve@example.org".to_owned()),
        ("dots", ".\r\n.\r\nQUIT\r\n. . ..leading".to_owned()),
        ("one long word", "Llanfairpwllgwyngyllgogerychwyrndrobwll".repeat(8)),
        ("two hundred letters", "The Quite Remarkably Long Surgery of St Ŵ ".repeat(5)[..200].to_owned()),
        ("a thousand letters", "A rather long note about parking & keys. ".repeat(25)),
        ("spaces", "   Ann    Example   ".to_owned()),
        ("a full line of accents", "Ŵ".repeat(100)),
    ] {
        let typed = Specimen {
            bank_name: text.clone(),
            name: text.clone(),
            other_name: text.clone(),
            practice: text.clone(),
            place: text.clone(),
            note: text.clone(),
            reason: text.clone(),
            address: "o'neill+locum.bank@example.org".to_owned(),
            ..plain.clone()
        };
        all.push(Named { name, specimen: typed });
    }
    all
}
