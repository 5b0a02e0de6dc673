//! Brings the demonstration to where every page has something to show, through its own pages and forms.

use std::path::Path;
use std::time::Duration;

use super::list::{Listed, PASSWORD};
use super::load::http::{Answer, Client};
use super::load::running::{Run, RunningServer};

const ADMINISTRATOR: &str = "administrator@demonstration.example";
/// A plan of the demonstration takes a few seconds.
const LOOKS: usize = 600;
/// Nothing is sent: nobody works the outbox while pages are measured.
const NO_RELAY: &str = "smtp://127.0.0.1:9";

/// Asks for a plan of the dates the form proposes, waits for it and publishes it.
pub async fn publish_a_plan(database: &str, folder: &Path) {
    let service = RunningServer::start(Run::PagesAndWork(NO_RELAY), database, folder).await;
    let mut client = Client::connect(service.address).await.expect("a connection");
    let headers = sign_in(&mut client, ADMINISTRATOR).await;
    let asked = send_form(&mut client, "/matching", "/matching", &headers).await;
    let plan = asked.header("location").expect("the page of the plan").to_owned();
    let publish = format!("{}/publish", plan.split('?').next().unwrap_or_default());
    for _ in 0..LOOKS {
        if client.get(&plan, &headers).await.text().contains(&format!("\"{publish}\"")) {
            let published = send_form(&mut client, &publish, &publish, &headers).await;
            assert_eq!(published.status, 303, "the plan was not published: {}", published.text());
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("the plan was not ready in time: {}", client.get(&plan, &headers).await.text());
}

/// Signs in, and gives the header that every later request carries.
pub async fn sign_in(client: &mut Client, email: &str) -> String {
    let form = format!("email={email}&password={PASSWORD}");
    let answer = client.post("/sign-in", "", &form).await;
    let cookie = answer.header("set-cookie").expect("a cookie for who signs in");
    format!("cookie: {}\r\n", cookie.split(';').next().unwrap_or_default())
}

/// Sends the form of a page that leads to `action`, as it stands.
async fn send_form(client: &mut Client, path: &str, action: &str, headers: &str) -> Answer {
    let page = client.get(path, headers).await.text();
    let marker = format!("action=\"{action}\"");
    let form = page.split("<form").find(|form| form.contains(&marker)).expect("the form");
    let inputs = form.split("</form").next().unwrap_or_default().split("<input").skip(1);
    let fields: Vec<String> = inputs
        .filter_map(|input| {
            let input = input.split('>').next()?;
            let of = |name: &str| input.split(&format!(" {name}=\"")).nth(1)?.split('"').next();
            let is_choice = input.contains("type=\"checkbox\"") || input.contains("type=\"radio\"");
            (!is_choice || input.contains(" checked"))
                .then(|| Some(format!("{}={}", of("name")?, of("value").unwrap_or_default())))?
        })
        .collect();
    client.post(action, headers, &fields.join("&")).await
}

/// The path of a page: `{}` becomes the id of the first such address on the page where it stands.
pub async fn path_of(client: &mut Client, listed: &Listed, headers: &str) -> Option<String> {
    let Some((before, after)) = listed.path.split_once("{}") else { return Some(listed.path.to_owned()) };
    let page = client.get(listed.found_on, headers).await.text();
    let mark = format!("\"{before}");
    let mut ids = page.split(&mark).skip(1).filter_map(|rest| rest.get(..36));
    let id = ids.find(|id| id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()))?;
    Some(format!("{before}{id}{after}"))
}
