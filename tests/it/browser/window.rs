//! One window of the browser: where it goes, what it shows, what is wrong with it.

use std::env;
use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};

/// How wide the window is, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// 1280 wide.
    Desk,
    /// 390 wide, with touch.
    Phone,
    /// 320 wide, with touch: the narrowest that WCAG 2.2 (1.4.10) asks for.
    SmallPhone,
}

impl Screen {
    /// Its width and height in CSS pixels.
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Desk => (1280, 900),
            Self::Phone => (390, 844),
            Self::SmallPhone => (320, 640),
        }
    }
}

/// Whether the browser runs scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// As most people have it.
    On,
    /// As the service must work too.
    Off,
}

/// A command of the protocol of chromium itself, with its parameters: what `WebDriver` has no word for.
#[derive(Debug)]
struct DevTools(&'static str, Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _address: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}

/// A browser's window on one service.
pub struct Window {
    /// The window, for what this type has no word for.
    pub client: Client,
    base: String,
}

impl Window {
    /// Opens a window on the service at `base`, an address without a slash at its end.
    pub async fn open(base: &str, screen: Screen, scripts: Scripts) -> Self {
        let (width, height) = screen.size();
        let mut options = json!({ "args": [
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars",
            format!("--window-size={width},{height}"),
        ]});
        if screen != Screen::Desk {
            // With touch, chromedriver itself waits for a script in the page before it presses.
            let has_touch = scripts == Scripts::On;
            let metrics = json!({ "width": width, "height": height, "pixelRatio": 1.0, "touch": has_touch });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        if scripts == Scripts::Off {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("browserName".to_owned(), json!("chrome"));
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let driver =
            env::var("WEBDRIVER_URL").expect("WEBDRIVER_URL says where chromedriver listens: run ./dev test");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver)
            .await
            .expect("chromedriver opens a window");
        Self { client, base: base.to_owned() }
    }

    /// Goes to a path of the service.
    pub async fn go(&self, path: &str) {
        let address = format!("{}{path}", self.base);
        self.client.goto(&address).await.unwrap_or_else(|error| panic!("going to {address}: {error}"));
    }

    /// Goes on as a phone of that size, on the page shown.
    pub async fn turn_into(&self, screen: Screen) {
        let (width, height) = screen.size();
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true });
        let turned = self.client.issue_cmd(DevTools("Emulation.setDeviceMetricsOverride", metrics)).await;
        turned.expect("chromium shows the page at another size");
    }

    /// Signs in as a person would.
    pub async fn sign_in(&self, email: &str, password: &str) {
        self.go("/sign-in").await;
        self.fill("email", email).await;
        self.fill("password", password).await;
        self.press("Sign in").await;
        let elsewhere = async {
            while self.path().await == "/sign-in" {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let let_in = tokio::time::timeout(Duration::from_secs(20), elsewhere).await;
        assert!(let_in.is_ok(), "{email} was not let in");
    }

    /// The path of the page shown.
    pub async fn path(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// Types into the field of that name, in place of what it holds.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.client.find(Locator::Css(&format!("main [name='{name}']"))).await;
        let field = field.unwrap_or_else(|error| panic!("the field {name}: {error}"));
        field.clear().await.expect("a field that can be emptied");
        field.send_keys(text).await.expect("a field that takes keys");
    }

    /// Chooses the option that says this in the list of that name.
    pub async fn choose(&self, name: &str, label: &str) {
        let list = self.client.find(Locator::Css(&format!("main select[name='{name}']"))).await;
        let list = list.unwrap_or_else(|error| panic!("the list {name}: {error}"));
        list.select_by_label(label).await.unwrap_or_else(|error| panic!("{label:?} in {name}: {error}"));
    }

    /// Ticks the box, or chooses the radio, of that name and value.
    pub async fn tick(&self, name: &str, value: &str) {
        let found =
            self.client.find(Locator::Css(&format!("main input[name='{name}'][value='{value}']"))).await;
        let found = found.unwrap_or_else(|error| panic!("the box {name} {value}: {error}"));
        found.click().await.expect("a box that can be ticked");
    }

    /// Leaves, by the button at the head of each page.
    pub async fn sign_out(&self) {
        let button = self.client.find(Locator::Css("header form[action='/sign-out'] button")).await;
        button.expect("a button to sign out").click().await.expect("a button that can be pressed");
        self.client.wait().for_element(Locator::Css("header a[href='/sign-in']")).await.expect("signed out");
    }

    /// Whether the page's own script has run.
    pub async fn has_run_scripts(&self) -> bool {
        self.client.find(Locator::Css("body.js-enabled")).await.is_ok()
    }

    /// Presses the button or link of the content that says exactly this, and waits for the next page.
    pub async fn press(&self, text: &str) {
        let path =
            format!("//main//button[normalize-space()='{text}'] | //main//a[normalize-space()='{text}']");
        let found = self.client.find(Locator::XPath(&path)).await;
        let found = found.unwrap_or_else(|error| panic!("nothing to press says {text:?}: {error}"));
        found.click().await.expect("something that can be pressed");
    }

    /// The text of the content.
    pub async fn text(&self) -> String {
        let main = self.client.find(Locator::Css("main")).await.expect("every page has its content in main");
        main.text().await.expect("text")
    }

    /// The first heading.
    pub async fn heading(&self) -> String {
        let heading = self.client.find(Locator::Css("h1")).await.expect("every page has a first heading");
        heading.text().await.expect("text")
    }

    /// How far the page goes beyond the window's right edge, in pixels.
    pub async fn overflow_pixels(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.run(script, vec![]).await.as_i64().expect("a whole number of pixels")
    }

    /// The paths the page links to within the service.
    pub async fn links(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('a[href]')].filter(a => a.origin === location.origin)\
                      .map(a => a.pathname + a.search)";
        let found = self.run(script, vec![]).await;
        found.as_array().into_iter().flatten().filter_map(|path| path.as_str().map(str::to_owned)).collect()
    }

    /// Everything axe-core finds wrong with the page by WCAG 2.2 AA and its best practices: one line each.
    pub async fn accessibility_faults(&self) -> Vec<String> {
        let path = env::var("AXE_PATH").expect("AXE_PATH says where axe.min.js lies: run ./dev test");
        let axe = std::fs::read_to_string(path).expect("axe.min.js");
        self.run(&axe, vec![]).await;
        let script = "const done = arguments[arguments.length - 1];\
            axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })\
               .then(result => done(result.violations.flatMap(fault => fault.nodes.map(node =>\
                    `${fault.id}: ${fault.help} (${node.target.join(' ')}) ${node.html.slice(0, 200)}`))))\
               .catch(error => done([`axe-core failed: ${error}`]))";
        let faults = self.client.execute_async(script, vec![]).await.expect("axe-core runs");
        faults
            .as_array()
            .into_iter()
            .flatten()
            .map(|fault| fault.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client
            .execute(script, arguments)
            .await
            .unwrap_or_else(|error| panic!("a script in the page: {error}"))
    }

    /// Waits until the page holds this text, for at most ten seconds.
    pub async fn wait_for_text(&self, text: &str) {
        let path = format!("//main[contains(normalize-space(.), '{text}')]");
        let found: Result<_, CmdError> =
            self.client.wait().at_most(Duration::from_secs(10)).for_element(Locator::XPath(&path)).await;
        let Err(_) = found else { return };
        panic!("waited in vain for {text:?}; the page says: {}", self.text().await);
    }

    /// Closes the window.
    pub async fn close(self) {
        self.client.close().await.expect("chromedriver closes the window");
    }
}
