//! The worker that runs matching is killed in the middle of it: another begins the run again, and where that one dies
//! too, the plan says so and what to do, and nobody waits for it in vain.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{Days, TimeDelta};
use locumbank::ground::clock::Clock;
use locumbank::ground::sign_in::PersonKind;
use sqlx::PgConnection;

use crate::support::seed::Seed;
use crate::support::{Visitor, World};

/// A worker in a process of its own, whose matching runs are done by `program`.
struct Worker(Child);

impl Worker {
    fn start(world: &World, program: &Path) -> Self {
        let process = Command::new(env!("CARGO_BIN_EXE_locumbank"))
            .args(["worker", "--config", concat!(env!("CARGO_MANIFEST_DIR"), "/config/test.toml")])
            .env("DATABASE_URL", world.database_url())
            .env("SMTP_URL", world.inbox.url())
            .env_remove("REDIS_URL")
            .env("LOCUMBANK__MATCHING__PROGRAM", program)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(process.expect("a worker"))
    }

    async fn is_gone(&mut self) {
        for _ in 0..400 {
            if self.0.try_wait().expect("its state").is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the run did not take its worker down");
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A process that has ended can't be ended again.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// An administrator, and a session four days ahead that a clinician can do.
async fn administrator(world: &World, seed: &mut Seed) -> (Visitor, String) {
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let practice = seed.practice("J81001", "Orchid House Surgery").await;
    seed.clinician("gp", "Ann Example", &administrator).await;
    let date = (world.app.clock.now().date_naive() + Days::new(4)).to_string();
    seed.session(practice, "gp", &date, "08:30", "12:40").await;
    (world.signed_in(&administrator.email).await, date)
}

async fn run(connection: &mut PgConnection, statement: &'static str) {
    sqlx::query(statement).execute(connection).await.expect(statement);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_takes_its_workers_down_ends_with_a_next_step() {
    let world = World::start_at(Clock::System).await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let (visitor, date) = administrator(&world, &mut seed).await;
    let plan = visitor.ask_for_plan(&date, &date).await;
    let program = tempfile::NamedTempFile::new().expect("a file").into_temp_path();
    std::fs::write(&program, "#!/bin/sh\nkill -9 $PPID\n").expect("a program");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("a program");
    for _ in 0..2 {
        Worker::start(&world, &program).is_gone().await;
        visitor.get(&plan).await.expect(200).says("Matching is under way");
        run(seed.connection(), "update job set run_at = now() where state = 'running'").await;
    }
    let _third = Worker::start(&world, &program);
    for _ in 0..400 {
        let page = visitor.get(&plan).await.expect(200);
        if !page.text().contains("Matching is under way") {
            page.says("The matching run was interrupted before it came to a plan. Try again.");
            page.says("Plan these dates again");
            visitor.get("/matching").await.expect(200).says("No plan");
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the plan still waits");
}

#[tokio::test]
async fn a_plan_whose_run_is_in_the_queue_no_more_does_not_wait_for_ever() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let (visitor, date) = administrator(&world, &mut seed).await;
    let stranded = visitor.ask_for_plan(&date, &date).await;
    run(seed.connection(), "update job set state = 'dead', finished_at = run_at where kind = 'match'").await;
    let waiting = visitor.ask_for_plan(&date, &date).await;
    world.app.clock.advance(TimeDelta::minutes(1));
    world.work().await;
    visitor.get(&stranded).await.expect(200).says("The matching run was interrupted");
    visitor.get(&waiting).await.expect(200).says("Ready to publish");
    world.stop().await;
}
