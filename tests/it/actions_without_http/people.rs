//! People, documents, practices and ranges.

use locumbank::ground::facts::FactError;
use locumbank::ground::id::{AvailabilityId, ClinicianId, DocumentId, PracticeId, RateRangeId};
use locumbank::ground::not_done::NotDone;
use locumbank::people::availability::actions as availability;
use locumbank::people::availability::actions::NotAdded;
use locumbank::people::availability::{Clash, Entry, Hours, TimeAway};
use locumbank::people::clinician::actions::{change_details, change_preference, change_rates};
use locumbank::people::clinician::{Details, Engagement, PreferenceKind, Rates};
use locumbank::people::credential::Held;
use locumbank::people::credential::actions::clearance::{After, Decision, Outcome, decide};
use locumbank::people::credential::actions::document::{declare_skills, record_document, remove_document};
use locumbank::people::credential::actions::refuse::{NotRefused, refuse_clearance};
use locumbank::people::document::FileKind;
use locumbank::people::document::actions::NewDocument;
use locumbank::people::document::actions::decide::{NotDecided, send_back, verify};
use locumbank::people::document::actions::hand_in::{NotTaken, hand_in};
use locumbank::people::document::actions::open::{NotOpened, open_of_clinician, open_own};
use locumbank::people::document::seal::{DocumentKeys, Whose};
use locumbank::people::lookup;
use locumbank::people::lookup::actions::{NewLookup, NotRecorded, record_look_up};
use locumbank::people::practice::actions::{
    GuideNotChanged, change_guide, refuse_clinician, take_clinician_again,
};
use locumbank::people::practice::guide::Guide;
use locumbank::terms::bank::Band;
use locumbank::terms::rate::actions::publish_range;
use locumbank::terms::rate::store::NewRange;
use locumbank::work::standing::actions::{Cleared, clear_ready};

use crate::support::seed::{day, time};

use super::{Story, is_not_found};

#[tokio::test]
async fn a_manager_says_what_those_need_who_come() {
    let story = Story::begin().await;
    let (practice, guide) =
        (story.practice, Guide { parking: "Behind the building".to_owned(), ..Guide::default() });
    let refused = act!(story, story.stranger, tx => change_guide(tx, practice, &guide));
    assert!(matches!(refused, Err(GuideNotChanged::NotDone(_))), "{refused:?}");
    act!(story, story.manager, tx => change_guide(tx, practice, &guide)).unwrap();
    let other = Guide { parking: "In the yard".to_owned(), ..guide };
    let late = act!(story, story.manager, tx => change_guide(tx, practice, &other));
    assert!(matches!(late, Err(GuideNotChanged::Since)), "{late:?}");
}

#[tokio::test]
async fn clinicians_change_their_own_record() {
    let mut story = Story::begin().await;
    let details = Details {
        engagement: Engagement::Employed,
        registration_number: None,
        home_district: "DT2".to_owned(),
        home_microdegrees: (50_700_000, -2_400_000),
        max_travel_metres: 30_000,
        max_minutes_per_week: Some(2_400),
        max_minutes_per_day: None,
        rest_minutes: 660,
    };
    let (rates, practice, codes) =
        (Rates::from([(Band::Core, 8_500)]), story.practice, ["emis_web".to_owned()]);
    let kind = Some(PreferenceKind::Preferred);
    act!(story, story.ann, tx => change_details(tx, &story.world.app.reliants(), &details)).unwrap();
    act!(story, story.ann, tx => change_details(tx, &story.world.app.reliants(), &details)).unwrap();
    act!(story, story.ann, tx => change_rates(tx, &rates)).unwrap();
    act!(story, story.ann, tx => change_preference(tx, &story.world.app.reliants(), (practice, kind)))
        .unwrap();
    act!(story, story.ann, tx => declare_skills(tx, &story.world.app.reliants(), &codes)).unwrap();
    assert!(is_not_found(&act!(story, story.manager, tx => change_rates(tx, &rates))));
    let nowhere = (PracticeId::new(), kind);
    let unknown = act!(story, story.ann, tx => change_preference(tx, &story.world.app.reliants(), nowhere));
    assert!(matches!(unknown, Err(FactError::NotFound)), "{unknown:?}");
    let done = ["details_changed", "rates_changed", "preference_changed", "skills_changed"];
    assert_eq!(story.log().await, done.map(|what| format!("clinician.{what}")));
}

#[tokio::test]
async fn clinicians_keep_when_they_can_work() {
    let mut story = Story::begin().await;
    let today = day("2026-11-02");
    let hours = |start, end| Hours { start: time(start), end: time(end) };
    let (id, date) = (AvailabilityId::new(), day("2026-11-14"));
    let late = Entry { id, date, hours: hours("22:30", "23:30") };
    let known = Entry { id: AvailabilityId::new(), date, hours: hours("09:00", "12:00") };
    let away = TimeAway { id, from_date: day("2026-12-20"), until_date: day("2026-12-31") };
    act!(story, story.ann, tx => availability::add_date(tx, &late, today)).unwrap();
    let clash = act!(story, story.ann, tx => availability::add_date(tx, &known, today));
    assert!(matches!(clash, Err(NotAdded::Clash(Clash::Hours(_)))), "{clash:?}");
    act!(story, story.ann, tx => availability::add_away(tx, &story.world.app.reliants(), &away, today))
        .unwrap();
    let clash =
        act!(story, story.ann, tx => availability::add_away(tx, &story.world.app.reliants(), &away, today));
    assert!(matches!(clash, Err(NotAdded::Clash(Clash::Away(_)))), "{clash:?}");
    act!(story, story.ann, tx => availability::remove_date(tx, id)).unwrap();
    act!(story, story.ann, tx => availability::remove_away(tx, id)).unwrap();
    assert!(is_not_found(&act!(story, story.ann, tx => availability::remove_away(tx, id))));
    let week = [(chrono::Weekday::Mon, hours("09:00", "17:00"))];
    act!(story, story.ann, tx => availability::change_week(tx, &week, today)).unwrap();
    let done = ["date_added", "away_added", "date_removed", "away_removed", "week_changed"];
    assert_eq!(story.log().await, done.map(|what| format!("availability.{what}")));
}

#[tokio::test]
async fn administrators_record_documents_and_end_clearances() {
    let mut story = Story::begin().await;
    let ann = story.who_is_ann.id;
    let held = Held { competency: "indemnity".to_owned(), valid_through: Some(day("2027-03-31")) };
    act!(story, story.administrator, tx => record_document(tx, &story.world.app.reliants(), ann, &held))
        .unwrap();
    act!(story, story.administrator, tx => remove_document(tx, &story.world.app.reliants(), ann, "indemnity")).unwrap();
    let gone = act!(story, story.administrator, tx => remove_document(tx, &story.world.app.reliants(), ann, "indemnity"));
    assert!(matches!(gone, Err(FactError::NotFound)), "{gone:?}");
    let decision = Decision {
        clinician: ann,
        role: "gp".to_owned(),
        cleared_until: day("2026-11-01"),
        reason: "Registration lapsed".to_owned(),
        by_name: "Abi Example".to_owned(),
        cancels: Vec::new(),
        after: After::Whichever,
    };
    let outcome =
        act!(story, story.administrator, tx => decide(tx, &story.world.app.reliants(), &decision)).unwrap();
    assert_eq!(outcome, Outcome::Decided { cancelled: 0 });
    assert_eq!(story.log().await, ["credential.recorded", "credential.removed", "clearance.decided"]);
}

#[tokio::test]
async fn documents_are_handed_in_opened_and_decided_about() {
    let mut story = Story::begin().await;
    let (ann, app) = (story.who_is_ann.id, story.world.app.clone());
    let keys = DocumentKeys::read(&app.settings.secrets.document_keys).expect("keys");
    let new = |competency: &str| new_document(&story, competency);
    let (dbs, indemnity, skill) = (new("enhanced_dbs"), new("indemnity"), new("coil_fitting"));
    for (actor, of) in [(story.manager, &dbs), (story.ann, &skill)] {
        let refused = act!(story, actor, tx => hand_in(tx, of));
        assert!(matches!(refused, Err(NotTaken::NotDone(NotDone::NotFound))), "{refused:?}");
    }
    act!(story, story.ann, tx => hand_in(tx, &dbs)).unwrap();
    act!(story, story.ann, tx => hand_in(tx, &indemnity)).unwrap();
    let id = dbs.whose.document;
    let strange = act!(story, story.manager, tx => open_own(tx, &keys, id));
    assert!(matches!(strange, Err(NotOpened::NotDone(NotDone::NotFound))), "{strange:?}");
    assert_eq!(act!(story, story.ann, tx => open_own(tx, &keys, id)).unwrap().bytes, b"%PDF-1.7 %%EOF");
    act!(story, story.administrator, tx => open_of_clinician(tx, &keys, (ann, id))).unwrap();
    let last = Some(day("2027-03-31"));
    act!(story, story.administrator, tx => verify(tx, &app.reliants(), (ann, id), last)).unwrap();
    let again = act!(story, story.administrator, tx => verify(tx, &app.reliants(), (ann, id), last));
    assert!(matches!(again, Err(NotDecided::NotWaiting)), "{again:?}");
    let (letterhead, other) = (app.letterhead(), (ann, indemnity.whose.document));
    act!(story, story.administrator, tx => send_back(tx, &letterhead, other, "Blurred")).unwrap();
    let nobodys = (ann, DocumentId::new());
    let none = act!(story, story.administrator, tx => send_back(tx, &letterhead, nobodys, "Blurred"));
    assert!(matches!(none, Err(NotDecided::NotDone(NotDone::NotFound))), "{none:?}");
    let done = ["handed_in", "handed_in", "opened", "opened"].map(|what| format!("document.{what}"));
    let decided = ["credential.recorded", "document.verified", "document.sent_back"].map(str::to_owned);
    assert_eq!(story.log().await, [&done[..], &decided].concat());
}

#[tokio::test]
async fn administrators_refuse_whom_they_do_not_clear_and_clear_those_who_are_ready() {
    let mut story = Story::begin().await;
    let (ann, app) = (story.who_is_ann.id, story.world.app.clone());
    let letterhead = app.letterhead();
    let cleared = act!(story, story.administrator, tx => refuse_clearance(tx, &letterhead, ann, ("No", After::Whichever)));
    assert!(matches!(cleared, Err(NotRefused::Cleared)), "{cleared:?}");
    story.run("alter table clearance disable trigger clearance_append_only").await;
    story.run("delete from clearance").await;
    act!(story, story.administrator, tx => refuse_clearance(tx, &letterhead, ann, ("No reference", After::Whichever))).unwrap();
    let nobody = ClinicianId::new();
    let none = act!(story, story.administrator, tx => refuse_clearance(tx, &letterhead, nobody, ("No", After::Whichever)));
    assert!(matches!(none, Err(NotRefused::NotDone(NotDone::NotFound))), "{none:?}");
    let said = ("Seen", "Abi Example", chrono_tz::Europe::London);
    let clear = async |story: &Story| {
        act!(story, story.administrator, tx => clear_ready(tx, &app.reliants(), &[ann, nobody], said))
            .unwrap()
    };
    assert_eq!(clear(&story).await, Cleared { cleared: 0, left: 2 }, "there is no number");
    story.run("update clinician set registration_number = '7012345'").await;
    assert_eq!(clear(&story).await, Cleared { cleared: 0, left: 2 }, "nobody has looked the register up");
    let lookup = look_up(ann, "7012345");
    act!(story, story.administrator, tx => record_look_up(tx, &app.reliants(), &lookup)).unwrap();
    assert_eq!(clear(&story).await, Cleared { cleared: 1, left: 1 });
    assert_eq!(clear(&story).await, Cleared { cleared: 0, left: 2 }, "she is cleared");
    assert_eq!(story.log().await, ["clearance.refused", "register.looked_up", "clearance.decided"]);
}

#[tokio::test]
async fn practices_say_whom_they_do_not_take() {
    let mut story = Story::begin().await;
    let (practice, ann) = (story.practice, story.who_is_ann.id);
    let refused = act!(story, story.stranger, tx => refuse_clinician(tx, &story.world.app.reliants(), (practice, ann), "A complaint"));
    assert!(matches!(refused, Err(FactError::NotFound)), "{refused:?}");
    act!(story, story.manager, tx => refuse_clinician(tx, &story.world.app.reliants(), (practice, ann), "A complaint"))
        .unwrap();
    assert!(is_not_found(&act!(story, story.stranger, tx => take_clinician_again(tx, practice, ann))));
    act!(story, story.manager, tx => take_clinician_again(tx, practice, ann)).unwrap();
    assert_eq!(story.log().await, ["practice.clinician_refused", "practice.clinician_taken_again"]);
}

#[tokio::test]
async fn a_range_is_published_once() {
    let mut story = Story::begin().await;
    let range = NewRange {
        id: RateRangeId::new(),
        role: "gp".to_owned(),
        band: Band::Core,
        valid_from: day("2026-12-01"),
        floor_pence_per_hour: 7_500,
        ceiling_pence_per_hour: 9_900,
    };
    for _ in 0..2 {
        act!(story, story.administrator, tx => publish_range(tx, &story.world.app.reliants(), &range))
            .unwrap();
    }
    assert_eq!(story.log().await, ["rate_range.published"]);
}

/// That the GMC has the number, as an administrator saw.
pub fn look_up(clinician: ClinicianId, number: &str) -> NewLookup {
    NewLookup {
        clinician,
        register: "GMC".to_owned(),
        number: number.to_owned(),
        outcome: lookup::Outcome::Found,
        name_on_register: None,
        looked_up_on: day("2026-11-02"),
        source: String::new(),
    }
}

#[tokio::test]
async fn what_a_register_says_is_recorded_of_the_number_that_somebody_has() {
    let mut story = Story::begin().await;
    let (ann, app) = (story.who_is_ann.id, story.world.app.clone());
    story.run("update clinician set registration_number = '7012345'").await;
    let record = async |story: &Story, lookup: &NewLookup| act!(story, story.administrator, tx => record_look_up(tx, &app.reliants(), lookup));
    record(&story, &look_up(ann, "7012345")).await.unwrap();
    let other = record(&story, &look_up(ann, "7012346")).await;
    assert!(matches!(other, Err(NotRecorded::OtherNumber)), "{other:?}");
    let nobody = record(&story, &look_up(ClinicianId::new(), "7012345")).await;
    assert!(matches!(nobody, Err(NotRecorded::Fact(FactError::NotFound))), "{nobody:?}");
    assert_eq!(story.log().await, ["register.looked_up"]);
}

/// A document of Ann's to be handed in.
pub fn new_document(story: &Story, competency: &str) -> NewDocument {
    let keys = DocumentKeys::read(&story.world.app.settings.secrets.document_keys).expect("keys");
    let document = DocumentId::new();
    let clinician = story.who_is_ann.id;
    let whose = Whose { bank: story.seed.bank, clinician, document, kind: FileKind::Pdf };
    let sealed = keys.seal(&whose, b"%PDF-1.7 %%EOF".to_vec()).expect("a sealed file");
    let (competency, file_name) = (competency.to_owned(), "scan.pdf".to_owned());
    NewDocument {
        whose,
        competency,
        said_valid_through: None,
        file_name,
        bytes: 14,
        is_virus_checked: false,
        sealed,
    }
}
