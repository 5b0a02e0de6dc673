//! Somebody with a browser, as far as the service can tell: keeps cookies, sends forms with their token.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};

use super::seed::PASSWORD;

/// What came back.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// Where it leads, when it leads elsewhere.
    pub location: String,
    /// The content type.
    pub content_type: String,
    /// The body.
    pub body: String,
}

impl Page {
    /// Asserts the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "leads to {:?}: {}", self.location, self.text());
        self
    }

    /// The text between the tags, in one line.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut in_tag = false;
        for character in self.body.chars() {
            match character {
                '<' => in_tag = true,
                '>' => {
                    in_tag = false;
                    text.push(' ');
                }
                character if !in_tag => text.push(character),
                _ => {}
            }
        }
        let text =
            text.replace("&#39;", "'").replace("&#x27;", "'").replace("&amp;", "&").replace("&#34;", "\"");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Asserts that the page says something.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{words:?} is not in: {}", self.text());
        self
    }

    /// Asserts that the page does not say something.
    #[track_caller]
    pub fn does_not_say(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words), "{words:?} is in: {}", self.text());
        self
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\"");
        let tags = self.body.split('<').filter(|tag| tag.starts_with("input") && tag.contains(&marker));
        let values = tags.filter_map(|tag| tag.split("value=\"").nth(1)?.split('"').next());
        values.map(str::to_owned).next().unwrap_or_default()
    }

    /// The first link or form address that starts with `start`.
    #[track_caller]
    pub fn address(&self, start: &str) -> String {
        self.find_address(start).unwrap_or_else(|| panic!("nothing leads to {start}: {}", self.text()))
    }

    /// The same, where there is one.
    pub fn find_address(&self, start: &str) -> Option<String> {
        let found = self.body.split('"').find(|part| part.starts_with(start))?;
        Some(found.replace("&amp;", "&").replace("&#38;", "&"))
    }
}

/// The cookie that carries what the next page is to tell.
const TOLD: &str = "__Host-told";

/// Somebody with a browser.
#[derive(Debug, Clone)]
pub struct Visitor {
    client: Client,
    base_url: String,
    cookies: BTreeMap<String, String>,
    /// What the next page is to tell, which a browser takes along whichever request set it.
    told: Arc<Mutex<String>>,
    form_token: String,
}

impl Visitor {
    /// Somebody who is not signed in.
    pub fn new(base_url: &str) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let (cookies, told) = (BTreeMap::new(), Arc::default());
        Self { client, base_url: base_url.to_owned(), cookies, told, form_token: String::new() }
    }

    /// Signs in with the password everybody has in tests.
    pub async fn sign_in(&mut self, email: &str) {
        let page = self.send(Method::POST, "/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{email} could not sign in: {}", page.text());
        let start = page.location;
        let page = self.get(&start).await;
        self.form_token = page.hidden("csrf_token");
        assert!(!self.form_token.is_empty(), "{start} carries no form token: {}", page.text());
    }

    /// Takes the token of the forms of a page, as a browser does that opens it.
    pub async fn take_token(&mut self, path: &str) {
        self.form_token = self.get(path).await.hidden("csrf_token");
    }

    /// Signs in, and opens that page.
    pub async fn sign_in_to(&mut self, email: &str, path: &str) {
        let form = [("email", email), ("password", PASSWORD)];
        let page = self.send(Method::POST, "/sign-in", &form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{email} could not sign in: {}", page.text());
        self.take_token(path).await;
    }

    /// Closes the browser, and forgets what ends with it: who is signed in.
    pub fn close(&mut self) {
        self.cookies.remove("__Host-sign_in");
    }

    /// Joins by the link of an invitation, and stays signed in; gives what came back.
    pub async fn join(&mut self, link: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.send(Method::POST, link, fields).await;
        if page.status == StatusCode::SEE_OTHER {
            self.form_token = self.get(&page.location).await.hidden("csrf_token");
        }
        page
    }

    /// The token that the person's forms carry.
    pub fn form_token(&self) -> &str {
        &self.form_token
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.clone().send(Method::GET, path, &[]).await
    }

    /// Sends a form with the person's token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut fields = fields.to_vec();
        fields.push(("csrf_token", &self.form_token));
        self.clone().send(Method::POST, path, &fields).await
    }

    /// Sends a form with the person's token and a file, as a browser does.
    pub async fn post_file(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Page {
        let fields = [&[("csrf_token", self.form_token.as_str())], fields].concat();
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = self.request(Method::POST, path).header(CONTENT_TYPE, kind);
        let response = request.body(multipart(&fields, file)).send().await.expect("an answer");
        self.clone().take_cookies(&response);
        page_of(response).await
    }

    /// Asks for a plan of the dates from `from` through `until` ("2026-11-10"), and gives where it will be.
    pub async fn ask_for_plan(&self, from: &str, until: &str) -> String {
        let parts = |date: &str| date.split('-').map(str::to_owned).collect::<Vec<_>>();
        let (from, until) = (parts(from), parts(until));
        let dates = [
            ("from-day", from[2].as_str()),
            ("from-month", from[1].as_str()),
            ("from-year", from[0].as_str()),
            ("until-day", until[2].as_str()),
            ("until-month", until[1].as_str()),
            ("until-year", until[0].as_str()),
        ];
        self.post("/matching", &dates).await.expect(303).location
    }

    /// Sends a form without a token.
    pub async fn post_without_token(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.clone().send(Method::POST, path, fields).await
    }

    /// A request of any kind, with the person's cookies.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base_url) };
        let request = self
            .client
            .request(method, address)
            .header(ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin");
        let mut cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let told = self.told.lock().expect("what is told");
        if !told.is_empty() {
            cookies.push(format!("{TOLD}={told}"));
        }
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    async fn send(&mut self, method: Method, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut request = self.request(method.clone(), path);
        if method == Method::POST {
            request = request.form(fields);
        }
        let response = request.send().await.expect("an answer");
        self.take_cookies(&response);
        page_of(response).await
    }

    fn take_cookies(&mut self, response: &Response) {
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie").split(';').next().expect("a value");
            let (name, value) = cookie.split_once('=').expect("a name");
            if name == TOLD {
                value.clone_into(&mut self.told.lock().expect("what is told"));
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

async fn page_of(response: Response) -> Page {
    let text = |name| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let (location, content_type) = (text(LOCATION), text(CONTENT_TYPE));
    Page { status: response.status(), location, content_type, body: response.text().await.expect("a body") }
}

/// What stands between the parts of a form with a file.
pub const BOUNDARY: &str = "----a-browser-chose-this";

/// The body of a form with a file, as a browser writes it.
pub fn multipart(fields: &[(&str, &str)], (name, bytes): (&str, &[u8])) -> Vec<u8> {
    let mut body = Vec::with_capacity(bytes.len() + 1024);
    for (field, value) in fields {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}
