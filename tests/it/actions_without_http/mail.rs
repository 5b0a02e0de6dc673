//! Mail and background work that were given up or held back.

use locumbank::ground::actor::Actor;
use locumbank::ground::db::DbError;
use locumbank::ground::id::{JobId, MailId};
use locumbank::ground::mail::store::held::mark_epoch_begun;
use locumbank::ground::outbox::actions::{give_up_mail, put_back_mail, release_mail};
use locumbank::ground::worker::actions::put_back_job;

use crate::support::mail_to;

use super::{Story, is_not_found};

#[tokio::test]
async fn mail_and_work_that_were_given_up_are_put_back() {
    let mut story = Story::begin().await;
    let bank = story.seed.bank;
    story
        .world
        .write_mails(["one", "two"].map(|to| mail_to(bank, &format!("{to}@people.test"), "Text")).into())
        .await;
    let mails: Vec<MailId> = sqlx::query_scalar("select id from mail order by id")
        .fetch_all(story.seed.connection())
        .await
        .unwrap();
    assert!(is_not_found(&act!(story, story.administrator, tx => put_back_mail(tx, mails[0]))));
    story.run("update mail set state = 'failed', finished_at = created_at").await;
    assert!(act!(story, story.administrator, tx => put_back_mail(tx, mails[0])).unwrap());
    assert!(act!(story, story.administrator, tx => put_back_mail(tx, mails[1])).unwrap());
    assert!(is_not_found(&act!(story, story.administrator, tx => release_mail(tx, mails[0]))));
    let begun: Result<i32, DbError> = act!(story, Actor::Operator, tx => mark_epoch_begun(tx));
    begun.unwrap();
    act!(story, story.administrator, tx => release_mail(tx, mails[0])).unwrap();
    act!(story, story.administrator, tx => give_up_mail(tx, mails[1])).unwrap();

    story
        .run(
            "insert into job (id, kind, payload, state, run_at, created_at, finished_at, last_error)
             values ('01a200dc-d3a8-7617-ba30-a6dc6e001444', 'clear_done_jobs', 'null', 'dead', '2026-11-01',
                     '2026-11-01', '2026-11-01', 'It failed')",
        )
        .await;
    let job: JobId = "01a200dc-d3a8-7617-ba30-a6dc6e001444".parse().unwrap();
    assert!(act!(story, story.administrator, tx => put_back_job(tx, job)).unwrap());
    assert!(is_not_found(&act!(story, story.administrator, tx => put_back_job(tx, job))));
    let done = ["mail.put_back", "mail.put_back", "mail.released", "mail.given_up", "job.put_back"];
    assert_eq!(story.log().await, done);
}
