//! locumbank: a recruitment and locum bank service for NHS primary care.
//!
//! The map of the code. Areas are floors: each may ask those below it, and none above.
//!
//! | Area | Holds |
//! |---|---|
//! | [`command`] | the binary's subcommands |
//! | [`demonstration`] | the invented county |
//! | [`site`] | every URL, with who may ask for it; every kind of job; every message |
//! | [`insight`] | [`fill_rate`](insight::fill_rate), [`today`](insight::today): what waits for administrators, and [`watching`](insight::watching): what an operator sees of the service |
//! | [`rights`] | what people may have of what is [`held`](rights::held) about them: a copy ([`export`](rights::export)), and that it is erased ([`erasure`](rights::erasure)), also by itself ([`retention`](rights::retention)) |
//! | [`pay`] | [`worked`](pay::worked): what was worked, as practices sign it off |
//! | [`letters`] | the daily email ([`digest`](letters::digest)), [`alert`](letters::alert), [`opened`](letters::opened): what stages have opened, [`mail_choice`](letters::mail_choice), [`bounce`](letters::bounce), [`stopped_address`](letters::stopped_address) |
//! | [`hiring`] | [`vacancy`](hiring::vacancy): posts that practices advertise, from the draft to what came of them; [`search`](hiring::search): how everybody finds those of every bank; [`application`](hiring::application): answers to them, read by whom they were made to alone |
//! | [`work`] | [`standing`](work::standing), [`session`](work::session), [`stage`](work::stage): to whom a session is open and from when on, [`round`](work::round), [`request`](work::request), [`question`](work::question), [`rota`](work::rota), [`planning`](work::planning), [`feedback`](work::feedback), [`booking`](work::booking), [`succession`](work::succession) |
//! | [`eligibility`] | may this person work this session, and if not, why: [`facts`](eligibility::facts) → [`problem`](eligibility::problem) → [`judge`](eligibility::judge) → [`obstacle`](eligibility::obstacle), with the [`wishes`](eligibility::wishes) that bind; what keeps somebody from every session ([`block`](eligibility::block)); the [`words`](eligibility::words) of every rule for every reader, and of places that stay [`empty`](eligibility::empty); what may be paid ([`payable`](eligibility::payable)); who is [`not_again`](eligibility::not_again) proposed |
//! | [`people`] | [`account`](people::account), [`practice`](people::practice), [`clinician`](people::clinician), [`credential`](people::credential), [`document`](people::document), [`lookup`](people::lookup), [`availability`](people::availability), [`profile`](people::profile), [`invitation`](people::invitation), [`membership`](people::membership), [`agreement`](people::agreement) |
//! | [`terms`] | the [`bank`](terms::bank), the words of its [`catalogue`](terms::catalogue), its commissioner's [`rate`](terms::rate) ranges, and what its administrators decide for all of it ([`rules`](terms::rules)), and what everybody may read of the service itself ([`notice`](terms::notice)) |
//! | [`ground`] | [`worker`](ground::worker) and [`outbox`](ground::outbox), which do what waits in [`queue`](ground::queue) and [`mail`](ground::mail); [`audit`](ground::audit), and [`events`](ground::events), what happened in facts that can be counted; [`web`](ground::web), [`table`](ground::table): what people hand in as a table, [`form_fields`](ground::form_fields), [`sign_in`](ground::sign_in), [`actor`](ground::actor): who acts; what every request and job shares ([`app`](ground::app)); [`cache`](ground::cache), [`idempotency`](ground::idempotency), [`counts`](ground::counts), [`data_key`](ground::data_key), [`facts`](ground::facts) that announce their change, [`not_done`](ground::not_done), [`words`](ground::words) for dates and money; the only sources of connections ([`db`](ground::db)), time ([`clock`](ground::clock)), ids ([`id`](ground::id)) and settings ([`settings`](ground::settings)) |
//!
//! Beside this crate, in `crates/`: `matching`, the engine that plans and does not act; `matching-check`, which trusts it
//! in nothing; `matching-model`, what both read. No clock, no database, no web.

pub mod command;
pub mod demonstration;
pub mod eligibility;
pub mod ground;
pub mod hiring;
pub mod insight;
pub mod letters;
pub mod pay;
pub mod people;
pub mod rights;
pub mod site;
pub mod terms;
pub mod work;
