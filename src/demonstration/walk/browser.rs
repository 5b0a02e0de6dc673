//! A person's browser, as far as the main job needs one: keeps the cookie, fills in forms as they stand on the page.

use reqwest::header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder};

use super::WalkError;
use crate::ground::web::guard::SIGN_IN_COOKIE;

/// A page that was opened.
#[derive(Debug, Clone)]
pub struct Page {
    /// What was asked for, for messages.
    pub path: String,
    /// The status.
    pub status: u16,
    /// Where it leads, when it leads elsewhere.
    pub location: String,
    /// The body.
    pub body: String,
}

impl Page {
    /// The page, if its status is `expected`.
    pub fn expect(self, expected: u16) -> Result<Self, WalkError> {
        if self.status == expected {
            return Ok(self);
        }
        let said = self.main_text();
        Err(WalkError::Page { path: self.path, status: self.status, expected, said })
    }

    /// What the main part says, shortened, without tags.
    #[must_use]
    pub fn main_text(&self) -> String {
        let main = self
            .body
            .split("<main")
            .nth(1)
            .and_then(|rest| rest.split_once('>'))
            .map_or("", |(_, main)| main);
        let words: Vec<&str> = main
            .split('<')
            .filter_map(|part| part.split_once('>').map_or(Some(part), |(_, text)| Some(text)))
            .collect();
        let text = words.join(" ");
        text.split_whitespace().take(60).collect::<Vec<_>>().join(" ")
    }

    /// The first address on the page that starts with `start`.
    #[must_use]
    pub fn address(&self, start: &str) -> Option<String> {
        self.addresses(start).into_iter().next()
    }

    /// Every address on the page that starts with `start`.
    #[must_use]
    pub fn addresses(&self, start: &str) -> Vec<String> {
        self.body.split('"').filter(|part| part.starts_with(start)).map(unescaped).collect()
    }

    /// The first choice of a list that is one.
    #[must_use]
    pub fn first_option(&self, name: &str) -> Option<String> {
        let list =
            self.body.split("<select").find(|part| attribute(part, "name").as_deref() == Some(name))?;
        let options = list.split("</select").next()?.split("<option").skip(1);
        options.filter_map(|option| attribute(option, "value")).find(|value| !value.is_empty())
    }

    /// What the element with this id says.
    #[must_use]
    pub fn text_of(&self, id: &str) -> Option<String> {
        let (_, after) = self.body.split_once(&format!("id=\"{id}\""))?;
        let text = after.split_once('>')?.1.split('<').next()?;
        Some(unescaped(text.trim()))
    }

    /// The figures of the page's tiles, each with its words: "74% places filled (612 of 826)".
    #[must_use]
    pub fn tiles(&self) -> Vec<String> {
        let tiles =
            self.body.split("<div class=\"app-tile").skip(1).filter(|tile| tile.starts_with(['"', ' ']));
        tiles
            .filter_map(|tile| {
                let inside = tile.split_once('>')?.1.split("</div>").next()?;
                let texts = inside.split('<').filter_map(|part| Some(part.split_once('>')?.1.trim()));
                let texts: Vec<String> = texts.filter(|text| !text.is_empty()).map(unescaped).collect();
                match texts.as_slice() {
                    [figure, label, note] => Some(format!("{figure} {label} ({note})")),
                    [] => None,
                    texts => Some(texts.join(" ")),
                }
            })
            .collect()
    }

    /// The form that is sent to `action`, as it stands.
    pub fn form(&self, action: &str) -> Result<Form, WalkError> {
        let marker = format!("action=\"{action}\"");
        let missing = || WalkError::NoForm { path: self.path.clone(), action: action.to_owned() };
        let after = self.body.split("<form").find(|part| part.contains(&marker)).ok_or_else(missing)?;
        let inside = after.split("</form").next().unwrap_or_default();
        Ok(Form { action: action.to_owned(), fields: fields(inside) })
    }
}

/// A form, filled in.
#[derive(Debug, Clone)]
pub struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// Fills in a field, in the place of what it held.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// The dates that two fields hold as they stand.
    pub fn dates(
        &self,
        from: &str,
        until: &str,
    ) -> Result<(chrono::NaiveDate, chrono::NaiveDate), WalkError> {
        let value =
            |name: &str| self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
        let date = |name: &str| {
            let part = |part: &str| value(&format!("{name}-{part}")).parse().ok();
            let year = value(&format!("{name}-year")).parse().ok();
            chrono::NaiveDate::from_ymd_opt(year?, part("month")?, part("day")?)
        };
        let missing = || WalkError::Missing(format!("the form of {} proposes no dates", self.action));
        Ok((date(from).ok_or_else(missing)?, date(until).ok_or_else(missing)?))
    }

    /// Fills in the three boxes of a date.
    #[must_use]
    pub fn with_date(self, name: &str, date: chrono::NaiveDate) -> Self {
        use chrono::Datelike as _;
        self.with(&format!("{name}-day"), date.day().to_string())
            .with(&format!("{name}-month"), date.month().to_string())
            .with(&format!("{name}-year"), date.year().to_string())
    }
}

/// The fields of a form and what they hold: what a browser would send if nothing were touched.
fn fields(inside: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut select: Option<(String, Option<String>)> = None;
    for tag in inside.split('<').skip(1) {
        let (head, text) = tag.split_once('>').unwrap_or((tag, ""));
        let name = attribute(head, "name");
        if head.starts_with("input") {
            let is_choice = head.contains("type=\"checkbox\"") || head.contains("type=\"radio\"");
            if let Some(name) = name.filter(|_| !is_choice || head.contains(" checked")) {
                found.push((name, attribute(head, "value").unwrap_or_default()));
            }
        } else if head.starts_with("textarea") {
            found.extend(name.map(|name| (name, unescaped(text))));
        } else if head.starts_with("select") {
            select = name.map(|name| (name, None));
        } else if head.starts_with("option") {
            if let Some((_, chosen)) = &mut select
                && (chosen.is_none() || head.contains(" selected"))
            {
                *chosen = attribute(head, "value");
            }
        } else if head.starts_with("/select")
            && let Some((name, value)) = select.take()
        {
            found.push((name, value.unwrap_or_default()));
        }
    }
    found
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let value = head.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(unescaped(value))
}

fn unescaped(text: &str) -> String {
    [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// Somebody with a browser.
#[derive(Debug, Clone)]
pub struct Browser {
    client: Client,
    base_url: String,
    cookie: Option<String>,
}

impl Browser {
    /// Somebody who is not signed in.
    pub fn new(base_url: &str) -> Result<Self, WalkError> {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| WalkError::Unreachable { path: base_url.to_owned(), error })?;
        Ok(Self { client, base_url: base_url.to_owned(), cookie: None })
    }

    /// Somebody who signed in with that address.
    pub async fn signed_in(base_url: &str, email: &str, password: &str) -> Result<Self, WalkError> {
        let mut browser = Self::new(base_url)?;
        let form = browser.get("/sign-in").await?.expect(200)?.form("/sign-in")?;
        browser.send(form.with("email", email).with("password", password)).await?.expect(303)?;
        Ok(browser)
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Result<Page, WalkError> {
        let request = self.request(Method::GET, path);
        self.answer(path, request).await
    }

    /// Sends a form.
    pub async fn send(&mut self, form: Form) -> Result<Page, WalkError> {
        let request = self.request(Method::POST, &form.action).form(&form.fields);
        self.answer(&form.action, request).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base_url) };
        let request = self
            .client
            .request(method, address)
            .header(ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    async fn answer(&mut self, path: &str, request: RequestBuilder) -> Result<Page, WalkError> {
        let unreachable = |error| WalkError::Unreachable { path: path.to_owned(), error };
        let response = request.send().await.map_err(unreachable)?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().ok().and_then(|cookie| cookie.split(';').next());
            // The walk signs in from nowhere twice, so it keeps no cookie of a known browser.
            if let Some(pair) = pair.filter(|pair| pair.starts_with(SIGN_IN_COOKIE)) {
                self.cookie = Some(pair.to_owned());
            }
        }
        let location =
            response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (status, location) = (response.status().as_u16(), location.to_owned());
        let body = response.text().await.map_err(unreachable)?;
        Ok(Page { path: path.to_owned(), status, location, body })
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn a_form_is_sent_as_it_stands() {
        let form = r#" method="post" action="/x"><input type="hidden" name="csrf_token" value="a&amp;b">
            <input type="radio" name="answer" value="accept"><input type="checkbox" name="keep" value="1" checked>
            <select id="p" name="practice"><option value="1">One</option><option value="2" selected>Two</option></select>
            <textarea id="n" name="notes">Park &#38; ride</textarea><button name="go">Go</button>"#;
        let expected = [("csrf_token", "a&b"), ("keep", "1"), ("practice", "2"), ("notes", "Park & ride")];
        assert_eq!(fields(form), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
