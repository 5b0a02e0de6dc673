//! The stories that explain a plan name the right people, rules and changes.

use matching::explain::{ExplainError, Explainer};
use matching::remedies::add_remedies;
use matching_model::problem::Problem;

use crate::planned::best_plan;
use crate::small_world::{clinician, pairing, session, world};

/// Ann does Monday; Bob would too, and lives farther away; Cat asks too much; a nurse is not asked at all.
fn problem() -> Problem {
    let mut problem = world();
    problem.clinicians.extend(["bob", "cat", "dot"].map(clinician));
    problem.clinicians[1].home = crate::small_world::north(5_000);
    problem.clinicians[2].rates.insert("core".into(), 9_900);
    problem.clinicians[3].role = "nurse".into();
    problem
}

fn session_story(problem: &Problem, id: &str) -> String {
    let mut plan = best_plan(problem);
    add_remedies(problem, &mut plan);
    Explainer::of(problem, &plan).session(id).expect("a story").join("\n")
}

#[test]
fn a_filled_session_says_who_does_it_who_could_and_who_cannot() {
    let story = session_story(&problem(), "monday");
    assert!(story.starts_with(
        "monday, Monday 4 January 2027, 9am to 1pm at near practice, for gp with systmone, £70 to £95 an hour, 1 place."
    ), "{story}");
    assert!(story.contains("ann does it for £80 an hour, £320 in all, 0.0 km from home."), "{story}");
    assert!(story.contains("1 person more may do it by the rules:"), "{story}");
    assert!(story.contains("bob (390 points less than the plan's choice): free at the time"), "{story}");
    assert!(story.contains("1 person is asking more than it may pay"), "{story}");
    assert!(!story.contains("empty") && !story.contains("dot"), "{story}");
}

#[test]
fn an_empty_session_says_why_and_what_was_tried() {
    let mut problem = problem();
    problem.clinicians.retain(|person| person.id == "cat");
    let story = session_story(&problem, "monday");
    assert!(story.contains("1 place is empty: nobody else may do it."), "{story}");
    assert!(
        story
            .contains("Tried: paying up to £99 an hour brings in cat for £396, and one place more is filled"),
        "{story}"
    );
}

#[test]
fn a_clinician_sees_what_they_do_and_who_does_the_rest() {
    let mut problem = problem();
    problem.sessions.push(session("also", "near", 0));
    problem.sessions.push(session("tuesday", "near", 1));
    let plan = best_plan(&problem);
    let explainer = Explainer::of(&problem, &plan);
    let nurse = explainer.clinician("dot").expect("a story").join("\n");
    assert!(!nurse.contains("monday") && !nurse.contains("tuesday"), "of another role: {nurse}");
    let story = explainer.clinician("ann").expect("a story").join("\n");
    assert!(story.starts_with("ann (gp) has 2 sessions in the plan, 8 hours in all."), "{story}");
    assert!(
        story.contains("They may do 1 other session, and there they are in another session at the time."),
        "{story}"
    );
    let story = explainer.clinician("bob").expect("a story").join("\n");
    assert!(story.contains("They may do 1 other session and have the time, and others do them:"), "{story}");
    assert!(
        story.contains(
            "tuesday, Tuesday 5 January 2027, 9am to 1pm at near practice: ann, worth 390 points more"
        ),
        "{story}"
    );
}

#[test]
fn an_empty_session_names_the_few_that_share_too_few_people() {
    let mut problem = world();
    problem.clinicians.push(clinician("bob"));
    // Three sessions at once for two people, and two on other days that have nothing to do with it.
    problem.sessions.extend(
        [("second", 0), ("third", 0), ("tuesday", 1), ("friday", 4)]
            .map(|(id, day)| session(id, "near", day)),
    );
    problem.sessions[2].rate_min = 9_000;
    let story = session_story(&problem, "third");
    assert!(
        story.contains("It shares 2 people (ann and bob) with monday and second: 3 places in all, more than they can fill"),
        "{story}"
    );
    assert!(!story.contains("friday"), "{story}");
}

#[test]
fn people_whose_bookings_leave_no_room_are_named() {
    let mut problem = world();
    problem.sessions.push(session("second", "near", 0));
    problem.booked.push(pairing("monday", "ann"));
    let story = session_story(&problem, "second");
    assert!(
        story.contains("Only 1 person may do it (ann), and their bookings and hours leave no room for it."),
        "{story}"
    );
}

#[test]
fn a_week_with_too_few_hours_is_a_bottleneck_too() {
    let mut problem = world();
    problem.clinicians[0].max_minutes_per_week = Some(480);
    problem.sessions.extend([("tuesday", 1), ("friday", 4)].map(|(id, day)| session(id, "near", day)));
    problem.sessions[2].rate_min = 9_000;
    let story = session_story(&problem, "friday");
    assert!(story.contains("It shares 1 person (ann) with monday and tuesday: 3 places in all"), "{story}");
}

#[test]
fn nobody_and_nothing_unknown_is_explained() {
    let problem = problem();
    let plan = best_plan(&problem);
    let explainer = Explainer::of(&problem, &plan);
    assert_eq!(explainer.session("sunday"), Err(ExplainError::UnknownSession { session: "sunday".into() }));
    assert_eq!(explainer.clinician("eve"), Err(ExplainError::UnknownClinician { clinician: "eve".into() }));
}
