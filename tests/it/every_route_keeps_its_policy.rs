//! Every route is asked for by a visitor and by each kind of person, for what is theirs, their neighbour's, another
//! bank's, nobody's and nonsense. Each answers as the table of routes says; what is somebody else's looks exactly like
//! what is not there, and stays as it is.

mod named;

use locumbank::ground::app::route::{Permission, Route, Who};
use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;
use locumbank::site::routes::ROUTES;
use sqlx::PgConnection;

use self::named::{FORMS, NAMED, Says};
use crate::support::holdings::{Bank, Holdings, Record};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

/// Somebody who asks: a visitor, or a person of a kind.
struct Asker {
    kind: Option<PersonKind>,
    visitor: Visitor,
    email: String,
}

/// What the table of routes says they get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Policy {
    Served,
    AskedToSignIn,
    NothingThere,
}

fn policy(route: &Route, kind: Option<PersonKind>) -> Policy {
    match (route.who, kind) {
        // The stories run on the machine of the service, where a scraper needs no token.
        (Who::Everybody | Who::LinkHolder | Who::Scraper, _) => Policy::Served,
        (Who::May(_), None) => Policy::AskedToSignIn,
        (Who::May(permission), Some(kind)) if permission.kinds().contains(&kind) => Policy::Served,
        (Who::May(_), Some(_)) => Policy::NothingThere,
    }
}

/// The banks, and what the asking leaves behind.
struct Inquiry {
    world: World,
    home: Bank,
    other: Bank,
    nobodys: Holdings,
    connection: PgConnection,
    faults: Vec<String>,
}

impl Inquiry {
    async fn begin() -> Self {
        let world = World::start().await;
        let home = Bank::furnished(&world, "Test bank", "J").await;
        let other = Bank::furnished(&world, "Other bank", "K").await;
        let mut connection = world.connection().await;
        // Mail from before a backup was restored is held for a person to decide about.
        sqlx::query("update environment set epoch = epoch + 1")
            .execute(&mut connection)
            .await
            .expect("an epoch");
        let nobodys = NAMED.iter().map(|(_, record)| (*record, PracticeId::new().to_string())).collect();
        Self { world, home, other, nobodys, connection, faults: Vec::new() }
    }

    /// Asks for every route of the table, pages first, since forms change what pages show.
    async fn ask(mut self, table: &[Route]) -> Vec<String> {
        let mut askers = vec![Asker { kind: None, visitor: self.world.visitor(), email: String::new() }];
        askers.extend(self.home.people.iter().map(|(kind, visitor, email)| Asker {
            kind: Some(*kind),
            visitor: visitor.clone(),
            email: email.clone(),
        }));
        for method in ["GET", "POST"] {
            for route in table.iter().filter(|route| route.method == method) {
                for asker in &askers {
                    self.ask_as(route, asker).await;
                }
            }
        }
        if let Some(strange) = table.iter().find(|route| !["GET", "POST"].contains(&route.method)) {
            self.faults.push(format!("{} {}: nobody knows how to ask for it", strange.method, strange.path));
        }
        self.world.stop().await;
        self.faults
    }

    async fn ask_as(&mut self, route: &Route, asker: &Asker) {
        let whom = asker.kind.map_or("a visitor", PersonKind::text);
        let mut fault =
            |what: String| self.faults.push(format!("{} {} by {whom}: {what}", route.method, route.path));
        if route.path.contains('{') && named(route.path).is_none() {
            return fault("name what its address leads to in NAMED".to_owned());
        }
        let events = count_events(&mut self.connection).await;
        let mut strangers: Vec<&Holdings> = vec![&self.nobodys];
        if route.who != Who::LinkHolder && !is_everybodys(route) {
            strangers.push(&self.other.own);
        }
        if has_neighbours(asker.kind, route) {
            strangers.push(&self.home.neighbours);
        }
        // The menu shows where a page lies, also one that is not there.
        let start = route.path.split('/').nth(1).unwrap_or_default();
        let none = asker.visitor.get(&format!("/{start}/no/such/page/is/here")).await;
        let expected = policy(route, asker.kind);
        let nonsense = address(route.path, &Holdings::new());
        let mut hidden = Vec::new();
        for holdings in &strangers {
            if route.path.contains('{') {
                hidden.push((address(route.path, holdings), &self.home.own));
            }
            if form_names_a_record(route) && **holdings != self.home.neighbours {
                hidden.push((address(route.path, &self.home.own), *holdings));
            }
        }
        if route.path.contains('{') {
            hidden.push((nonsense, &self.home.own));
        }
        if expected != Policy::Served {
            hidden.push((address(route.path, &self.home.own), &self.home.own));
        }
        let mut bodies = Vec::new();
        for (path, form) in hidden {
            let page = send(&asker.visitor, route, &path, form).await;
            match expected {
                Policy::AskedToSignIn if asks_to_sign_in(route, &page) => {}
                Policy::AskedToSignIn => {
                    fault(format!("{path} does not ask to sign in but says {}", page.status));
                }
                _ if page.status != 404 => fault(format!("{path} says {} and not 404", page.status)),
                Policy::NothingThere if page.body != none.body => {
                    fault(format!("{path} does not look like none"));
                }
                _ => bodies.push(page.body),
            }
        }
        bodies.dedup();
        if bodies.len() > 1 {
            fault("what is not theirs looks different from what is not there".to_owned());
        }
        if count_events(&mut self.connection).await != events {
            fault("something was changed".to_owned());
        }
        if expected == Policy::Served {
            let own = self.own_answer(route, asker).await;
            if !is_served(route, &own) {
                let said = own.text();
                self.faults
                    .push(format!("{} {} by {whom}: {}: {said}", route.method, route.path, own.status));
            }
        }
    }

    /// What they get for what is theirs. Who signs out does so from a browser of its own.
    async fn own_answer(&self, route: &Route, asker: &Asker) -> Page {
        let own = &self.home.own;
        if route.path == "/sign-out" {
            let elsewhere = self.world.signed_in(&asker.email).await;
            return send(&elsewhere, route, route.path, own).await;
        }
        send(&asker.visitor, route, &address(route.path, own), own).await
    }
}

fn named(path: &str) -> Option<Record> {
    let found = NAMED.iter().find(|(start, _)| {
        path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    found.map(|(_, record)| *record)
}

/// Whether what its address names is for everybody to read, of whatever bank.
fn is_everybodys(route: &Route) -> bool {
    matches!(
        named(route.path),
        Some(
            Record::Advert
                | Record::Asset
                | Record::Message
                | Record::PublicPage
                | Record::RuleSection
                | Record::Round
        )
    )
}

/// Whether others of the bank have such records which are not theirs to see: everybody may see how to find practices.
fn has_neighbours(kind: Option<PersonKind>, route: &Route) -> bool {
    matches!(kind, Some(PersonKind::PracticeManager | PersonKind::Clinician))
        && matches!(route.who, Who::May(_))
        && route.path.contains('{')
        && route.path != "/places/{id}"
        // Everybody may apply for whatever is advertised.
        && !route.path.starts_with("/vacancies/")
        // What wants somebody is shown to whoever could do it, at whatever practice.
        && !["/find-sessions/", "/questions/"].iter().any(|start| route.path.starts_with(start))
}

/// The path with the id of that record in its place, or with what is no id. Where it names two records, one within the
/// other, so does the id.
fn address(path: &str, holdings: &Holdings) -> String {
    let id = named(path).and_then(|record| holdings.get(&record)).map_or("not-an-id", String::as_str);
    let (Some(from), Some(until)) = (path.find('{'), path.rfind('}')) else { return path.to_owned() };
    let two = path[from..=until].split_once('}').and_then(|(_, rest)| rest.split_once('{'));
    let two = two.filter(|_| !id.contains('/') && !path.starts_with("/assets/"));
    let ids = two.map_or_else(|| id.to_owned(), |(between, _)| format!("{id}{between}{id}"));
    format!("{}{ids}{}", &path[..from], &path[until + 1..])
}

fn form_of(route: &Route) -> &'static [(&'static str, Says)] {
    let found = FORMS.iter().find(|(method, path, _)| (*method, *path) == (route.method, route.path));
    found.map_or(&[], |(_, _, fields)| fields)
}

fn form_names_a_record(route: &Route) -> bool {
    form_of(route).iter().any(|(_, says)| matches!(says, Says::Names(_)))
}

async fn send(visitor: &Visitor, route: &Route, path: &str, holdings: &Holdings) -> Page {
    let value = |says: &Says| match says {
        Says::Text(text) => (*text).to_owned(),
        Says::Names(record) => holdings.get(record).cloned().unwrap_or_default(),
    };
    let fields: Vec<(&str, String)> =
        form_of(route).iter().map(|(name, says)| (*name, value(says))).collect();
    if route.method == "GET" {
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        return visitor.get(&format!("{path}?{}", fields.join("&"))).await;
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post(path, &fields).await
}

fn asks_to_sign_in(route: &Route, page: &Page) -> bool {
    match route.method {
        "GET" => page.status == 303 && page.location.starts_with("/sign-in?next="),
        _ => page.status == 401,
    }
}

/// A form that is sent nearly empty is most often sent back; what counts is that it is read at all.
fn is_served(route: &Route, page: &Page) -> bool {
    let elsewhere = page.status == 303 && !page.location.starts_with("/sign-in?");
    match route.method {
        "GET" => page.status == 200 || elsewhere,
        _ => elsewhere || [200, 400, 409, 422].contains(&page.status.as_u16()),
    }
}

/// The statements sent to the database since it was last asked, without what frames a transaction and makes a borrowed
/// connection ready.
async fn statements_sent(connection: &mut PgConnection) -> i64 {
    let sent = "select coalesce(sum(calls), 0)::bigint
           from pg_stat_statements s
           join pg_database d on d.oid = s.dbid and d.datname = current_database()
          where query !~* '^\\s*(begin|commit|rollback|set|select set_config|select now\\(\\) = statement_timestamp|select \\$1; commit)'
            and query !~ 'pg_stat_statements'";
    let sent =
        sqlx::query_scalar(sent).fetch_one(&mut *connection).await.expect("./dev loads pg_stat_statements");
    let forget = "select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)";
    sqlx::query(forget).execute(connection).await.expect("forgotten");
    sent
}

async fn count_events(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("select count(*) from audit_event").fetch_one(connection).await.expect("the log")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_as_the_table_says() {
    let faults = Inquiry::begin().await.ask(ROUTES).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Everybody is everything everywhere besides, and acts in the one membership: nothing is theirs that is another's.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_more_than_one_thing_sees_what_the_membership_they_act_in_may() {
    let mut inquiry = Inquiry::begin().await;
    let emails: Vec<String> = inquiry.home.people.iter().map(|(_, _, email)| email.clone()).collect();
    for statement in [
        "insert into membership (bank_id, id, account_id, kind, created_at)
         select b.id, gen_random_uuid(), a.id, k.kind, a.created_at
           from account a cross join bank b
          cross join unnest(array['practice_manager', 'clinician', 'bank_administrator', 'commissioner']) k (kind)
          where a.email = any($1)
             on conflict do nothing",
        "insert into practice_manager (bank_id, membership_id, practice_id)
         select m.bank_id, m.id, p.id
           from membership m join account a on a.id = m.account_id
           join practice p on p.bank_id = m.bank_id
          where a.email = any($1) and m.kind = 'practice_manager' and m.last_signed_in_at is null",
    ] {
        sqlx::query(statement).bind(&emails).execute(&mut inquiry.connection).await.expect(statement);
    }
    let faults = inquiry.ask(ROUTES).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The positive control: a table that says something else than the service does is noticed, line by line.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_does_not_tell_the_truth_is_noticed() {
    let get = |path, who| Route { method: "GET", path, who };
    let wrong = [
        get("/mail", Who::May(Permission::SeeFillRates)),
        get("/availability", Who::May(Permission::Clear)),
        get("/audit", Who::Everybody),
        get("/sign-in", Who::May(Permission::BeBooked)),
        get("/sessions/{id}", Who::May(Permission::Invite)),
        get("/things/{id}", Who::May(Permission::PostSessions)),
        Route { method: "DELETE", path: "/sessions", who: Who::Everybody },
    ];
    let faults = Inquiry::begin().await.ask(&wrong).await;
    for route in wrong {
        let line = format!("{} {}", route.method, route.path);
        assert!(faults.iter().any(|fault| fault.starts_with(&line)), "{line} was not noticed: {faults:?}");
    }
}

/// A page that asks for one fact of each record by itself grows with the bank; whoever has a way round asks with a join.
const MOST_STATEMENTS: i64 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn no_page_sends_more_than_eight_statements() {
    let Inquiry { world, home, mut connection, .. } = Inquiry::begin().await;
    sqlx::query("create extension pg_stat_statements").execute(&mut connection).await.expect("an extension");
    let (mut opened, mut faults) = (0, Vec::new());
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        for (kind, visitor, _) in &home.people {
            if policy(route, Some(*kind)) != Policy::Served {
                continue;
            }
            statements_sent(&mut connection).await;
            send(visitor, route, &address(route.path, &home.own), &home.own).await;
            let sent = statements_sent(&mut connection).await;
            opened += i32::from(sent > 0);
            if sent > MOST_STATEMENTS {
                faults.push(format!("{} by {}: {sent} statements", route.path, kind.text()));
            }
        }
    }
    world.stop().await;
    assert!(opened > 60, "only {opened} pages asked the database anything");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
