//! Every action on facts about people, practices and a bank's terms announces which fact it changes, or stands here with the
//! reason why nothing can rest on what it does.

use std::collections::{BTreeMap, BTreeSet};

use super::assert_none;
use super::source::{Source, project};

/// What an action says to those who rely on facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// It announces a change of this kind.
    Announces(&'static str),
    /// It announces none, because.
    Nothing(&'static str),
}

use Says::{Announces, Nothing};

const WISHES: &str =
    "a wish of the person: whoever holds an offer may say yes all the same, and a booking was agreed";
const WHO_IS_ASKED_FIRST: &str =
    "a stage says who is asked first, and nothing of who is booked, was offered it or has asked";
const NOBODY_IS_BOOKED: &str =
    "says who may come in and how they sign in; no offer or booking of theirs rests on it";
const FOLLOWED: &str =
    "the command that does it announces the practices it closed (command::closings::follow)";

/// The actions, by file and name.
const ACTIONS: &[(&str, &str, Says)] = &[
    ("src/people/account/actions/address.rs", "ask_for_address", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/address.rs", "confirm_address", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/change.rs", "change_password", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/forgotten.rs", "ask_for_link", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/forgotten.rs", "choose_by_link", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/forgotten.rs", "send_link", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/second_factor.rs", "begin_second_factor", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/second_factor.rs", "confirm_second_factor", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/second_factor.rs", "end_second_factor", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/second_factor.rs", "renew_recovery_codes", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/second_factor.rs", "reseal_second_factors", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/second_factor.rs", "reset_second_factor", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/second_factor.rs", "use_second_factor", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/sign_ins.rs", "end_sign_ins", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/account/actions/switch.rs", "switch_membership", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/agreement/actions.rs", "accept_for", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/agreement/actions.rs", "accept_terms", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/availability/actions.rs", "add_away", Announces("Away")),
    ("src/people/availability/actions.rs", "add_date", Nothing(WISHES)),
    ("src/people/availability/actions.rs", "change_week", Nothing(WISHES)),
    ("src/people/availability/actions.rs", "remove_away", Nothing(WISHES)),
    ("src/people/availability/actions.rs", "remove_date", Nothing(WISHES)),
    ("src/people/clinician/actions.rs", "change_details", Announces("Details")),
    ("src/people/clinician/actions.rs", "change_preference", Announces("Preference")),
    ("src/people/clinician/actions.rs", "change_rates", Nothing(WISHES)),
    ("src/people/credential/actions/clearance.rs", "decide", Announces("Clearance")),
    ("src/people/credential/actions/document.rs", "declare_skills", Announces("Skills")),
    ("src/people/credential/actions/document.rs", "record_document", Announces("Document")),
    ("src/people/credential/actions/document.rs", "remove_document", Announces("Document")),
    (
        "src/people/credential/actions/refuse.rs",
        "refuse_clearance",
        Nothing("whoever is refused is not cleared"),
    ),
    ("src/people/document/actions/decide.rs", "send_back", Nothing("what was recorded before stays")),
    ("src/people/document/actions/decide.rs", "verify", Nothing("record_document announces it")),
    (
        "src/people/document/actions/hand_in.rs",
        "hand_in",
        Nothing("counts for nothing before it is verified"),
    ),
    ("src/people/document/actions/open.rs", "open_of_clinician", Nothing("changes nothing but the log")),
    ("src/people/document/actions/open.rs", "open_own", Nothing("changes nothing but the log")),
    (
        "src/people/document/actions/reseal.rs",
        "reseal_one",
        Nothing("a file holds what it held, by another key"),
    ),
    (
        "src/people/invitation/actions/accept.rs",
        "accept",
        Nothing("membership::actions::begin, by which it lets them act, announces it"),
    ),
    ("src/people/invitation/actions/invite.rs", "examine", Nothing("changes nothing")),
    ("src/people/invitation/actions/invite.rs", "invite", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/invitation/actions/joining.rs", "ask_to_join", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/invitation/actions/joining.rs", "begin_joining", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/invitation/actions/joining.rs", "keep_said", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/invitation/actions/send_again.rs", "send_again", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/invitation/actions/withdraw.rs", "withdraw", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/lookup/actions.rs", "record_look_up", Announces("Registration")),
    ("src/people/membership/actions.rs", "add_membership", Announces("Membership")),
    ("src/people/membership/actions.rs", "begin", Announces("Membership")),
    ("src/people/membership/actions.rs", "end_membership", Announces("Membership")),
    ("src/people/membership/actions.rs", "end_sign_ins_of_person", Nothing(NOBODY_IS_BOOKED)),
    ("src/people/membership/actions.rs", "reset_factor_of_person", Nothing(NOBODY_IS_BOOKED)),
    (
        "src/people/practice/actions.rs",
        "change_guide",
        Nothing("says how to find the place and whom to ask; no rule asks for it"),
    ),
    (
        "src/people/practice/actions.rs",
        "decide_extra",
        Nothing("what is booked keeps what counted then, and no rule asks for it"),
    ),
    ("src/people/practice/actions.rs", "refuse_clinician", Announces("Refusal")),
    ("src/people/practice/actions.rs", "make_list", Nothing(WHO_IS_ASKED_FIRST)),
    ("src/people/practice/actions.rs", "prefer", Nothing(WHO_IS_ASKED_FIRST)),
    ("src/people/practice/actions.rs", "prefer_no_more", Nothing(WHO_IS_ASKED_FIRST)),
    ("src/people/practice/actions.rs", "remove_list", Nothing(WHO_IS_ASKED_FIRST)),
    (
        "src/people/practice/actions.rs",
        "stop_trusting",
        Nothing("whoever was booked stays so; requests to come wait for an answer"),
    ),
    (
        "src/people/practice/actions.rs",
        "trust",
        Nothing("no rule asks for it: who is booked at once is judged as everybody is"),
    ),
    (
        "src/people/practice/actions.rs",
        "take_clinician_again",
        Nothing(
            "an offer that is open was made to somebody whom the practice took, and a refusal flags no booking",
        ),
    ),
    ("src/people/practice/import/merging.rs", "add_board", Nothing("opens and closes no practice")),
    ("src/people/practice/import/merging.rs", "close_into", Nothing(FOLLOWED)),
    ("src/people/practice/import/merging.rs", "rename", Nothing("a name decides nothing")),
    ("src/people/practice/import/mod.rs", "import_practices", Announces("Practices")),
    (
        "src/people/practice/import/removal.rs",
        "remove_bank",
        Nothing("only a bank in which nobody takes part is taken back"),
    ),
    (
        "src/terms/bank/actions.rs",
        "add_holiday",
        Nothing("a session that somebody is booked or offered for keeps the band it was agreed in"),
    ),
    (
        "src/terms/bank/actions.rs",
        "choose_bands",
        Nothing("a session that somebody is booked or offered for keeps the band it was agreed in"),
    ),
    (
        "src/terms/bank/actions.rs",
        "choose_weekend_holidays",
        Nothing("a session that somebody is booked or offered for keeps the band it was agreed in"),
    ),
    ("src/terms/bank/actions.rs", "demand_second_factor", Nothing(NOBODY_IS_BOOKED)),
    (
        "src/terms/bank/actions.rs",
        "keep_list",
        Nothing("a session that somebody is booked or offered for keeps the band it was agreed in"),
    ),
    (
        "src/terms/bank/actions.rs",
        "keep_release",
        Nothing("a session that somebody is booked or offered for keeps the band it was agreed in"),
    ),
    ("src/terms/bank/needs.rs", "insert_customary", Nothing("a new bank has nobody yet")),
    ("src/terms/bank/needs.rs", "need_document", Announces("Needs")),
    ("src/terms/bank/needs.rs", "need_no_longer", Announces("Needs")),
    ("src/terms/bank/presets.rs", "insert_presets", Nothing("a new bank has nobody yet")),
    (
        "src/terms/catalogue/actions.rs",
        "keep_term",
        Nothing(
            "what people hold and sessions ask for stays as it is; what is used no more can't be chosen anew",
        ),
    ),
    ("src/terms/rate/actions.rs", "publish_range", Announces("Range")),
    ("src/terms/rules/actions.rs", "decide_rule", Announces("Hours")),
];

/// The public functions that take a transaction and may change something: the actions, and what is an action in a file of
/// another name. Each with its file and its code.
fn actions(sources: &[Source]) -> BTreeMap<(String, String), String> {
    let edges = ["/store/", "/pages/", "/messages/", "/forms/"];
    let edge_files = ["store.rs", "pages.rs", "jobs.rs", "forms.rs"];
    let is_action = |source: &&Source| {
        !edges.iter().any(|edge| source.path.contains(edge)) && !edge_files.contains(&source.file_name())
    };
    let mut found = BTreeMap::new();
    for source in sources.iter().filter(is_action) {
        for declared in source.code_without_tests().split("pub async fn ").skip(1) {
            let code = declared.split("\n}\n").next().unwrap_or_default();
            let name: String = code.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let parameters = code.split("->").next().unwrap_or_default();
            let reads = ["find_", "list_", "load_", "lock_"].iter().any(|start| name.starts_with(start));
            if parameters.contains("tx: &mut Tx") && !reads {
                found.insert((source.path.clone(), name), code.to_owned());
            }
        }
    }
    found
}

/// Actions without a line, lines without an action, and lines that say otherwise than the code.
fn offences(table: &[(&str, &str, Says)], sources: &[Source]) -> Vec<String> {
    let actions = actions(sources);
    let lines: BTreeSet<(&str, &str)> = table.iter().map(|(path, name, _)| (*path, *name)).collect();
    let unlisted = actions.keys().filter(|(path, name)| !lines.contains(&(path, name)));
    let mut found: Vec<String> = unlisted
        .map(|(path, name)| {
            format!("{path}: {name} has no line: which FactChange does it announce, or why none?")
        })
        .collect();
    for (path, name, says) in table {
        let Some(code) = actions.get(&((*path).to_owned(), (*name).to_owned())) else {
            found.push(format!("{path}: there is no {name} any more"));
            continue;
        };
        let file = sources.iter().find(|source| source.path == *path).map_or("", Source::code_without_tests);
        match says {
            Announces(kind)
                if !file.contains(&format!("FactChange::{kind}")) || !file.contains(".announce(") =>
            {
                found.push(format!("{path}: {name} does not announce FactChange::{kind}"));
            }
            Nothing(_) if code.contains(".announce(") => {
                found.push(format!("{path}: {name} announces a change, and its line says that it does not"));
            }
            Nothing("") => found.push(format!("{path}: {name} has no reason")),
            Announces(_) | Nothing(_) => {}
        }
    }
    found
}

#[test]
fn every_action_on_facts_announces_its_change_or_says_why_not() {
    assert_none(
        "an action on facts has its line here",
        &offences(ACTIONS, &project(&["src/people", "src/terms"], "rs")),
    );
}

#[test]
fn an_action_without_its_line_is_found() {
    let action = |body: &str| {
        let text =
            format!("pub async fn move_in(\n    tx: &mut Tx,\n) -> Result<(), NotDone> {{\n{body}\n}}\n");
        [Source::new("src/people/x/actions.rs", &text)]
    };
    let silent = || action("    store::write(tx).await");
    let told = || action("    let a = reliants.announce(tx, FactChange::Details(id)).await?;");
    let line = |says| [("src/people/x/actions.rs", "move_in", says)];
    assert_eq!(offences(&[], &silent()).len(), 1, "a new action");
    assert_eq!(offences(&line(Announces("Details")), &silent()).len(), 1, "one that announces nothing");
    assert_eq!(offences(&line(Announces("Skills")), &told()).len(), 1, "one that announces something else");
    assert_eq!(offences(&line(Nothing("because")), &told()).len(), 1, "one that announces after all");
    assert_eq!(offences(&line(Nothing("because")), &[]).len(), 1, "one that is gone");
    assert_none("it says so", &offences(&line(Announces("Details")), &told()));
    assert_none("it says why not", &offences(&line(Nothing("because")), &silent()));
}
