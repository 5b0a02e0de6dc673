//! Takes the pictures of README.md from a running demonstration; `./dev pictures` starts one and runs this.
//!
//! Wants `DEMONSTRATION_URL`, the address of the demonstration, and `WEBDRIVER_URL`, that of chromedriver. Writes
//! `docs/pictures/*.png`.

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use locumbank::demonstration::{PASSWORD, SIGN_INS};
use locumbank::ground::sign_in::PersonKind::{
    self, BankAdministrator, Clinician, Commissioner, PracticeManager,
};
use serde_json::json;

/// A desk's and a phone's window, in CSS pixels.
const DESK: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);
/// A desk's window for a page whose point lies further down.
const TALL: (u32, u32) = (1280, 1400);

/// One picture: its file, whose page, and the window.
struct Picture {
    file: &'static str,
    whose: PersonKind,
    path: &'static str,
    /// Links to follow from there, one after the other.
    follow: &'static [&'static str],
    window: (u32, u32),
}

const PICTURES: [Picture; 5] = [
    Picture { file: "sessions", whose: PracticeManager, path: "/sessions", follow: &[], window: DESK },
    Picture { file: "new-session", whose: PracticeManager, path: "/sessions/new", follow: &[], window: DESK },
    Picture {
        file: "availability-on-a-phone",
        whose: Clinician,
        path: "/availability",
        follow: &[],
        window: PHONE,
    },
    Picture { file: "fill-rate", whose: Commissioner, path: "/fill-rate", follow: &[], window: DESK },
    Picture {
        file: "who-can-be-booked",
        whose: BankAdministrator,
        path: "/unfilled-sessions?role=gp",
        follow: &["main td a", "main a[href*='show=cannot']"],
        window: TALL,
    },
];

/// How long matching may take before the pictures are given up.
const MATCHING_MINUTES: u64 = 3;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let base = env::var("DEMONSTRATION_URL")?;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    std::fs::create_dir_all(&folder)?;
    take_matching(&base, &folder.join("matching.png")).await?;
    for picture in &PICTURES {
        let window = open(picture.window).await?;
        sign_in(&window, &base, picture.whose).await?;
        window.goto(&format!("{base}{}", picture.path)).await?;
        for link in picture.follow {
            window.find(Locator::Css(link)).await?.click().await?;
        }
        take(&window, &folder.join(format!("{}.png", picture.file))).await?;
        window.close().await?;
    }
    Ok(())
}

/// Runs matching as an administrator would, and takes the preview.
async fn take_matching(base: &str, file: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let window = open(DESK).await?;
    sign_in(&window, base, BankAdministrator).await?;
    window.goto(&format!("{base}/matching")).await?;
    window.find(Locator::Css("main form button")).await?.click().await?;
    for _ in 0..MATCHING_MINUTES * 60 {
        if window.find(Locator::XPath("//main//*[contains(., 'Publish')]")).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        window.refresh().await?;
    }
    take(&window, file).await?;
    window.close().await?;
    Ok(())
}

async fn open((width, height): (u32, u32)) -> Result<Client, Box<dyn Error>> {
    let options = json!({ "args": [
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars",
        format!("--window-size={},{height}", width.max(500)),
    ], "mobileEmulation": { "deviceMetrics": {
        "width": width, "height": height, "pixelRatio": 1.0, "touch": width < 500
    } } });
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("browserName".to_owned(), json!("chrome"));
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    let driver = env::var("WEBDRIVER_URL")?;
    Ok(ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&driver).await?)
}

async fn sign_in(window: &Client, base: &str, whose: PersonKind) -> Result<(), Box<dyn Error>> {
    let (_, email) = SIGN_INS.into_iter().find(|(kind, _)| *kind == whose).ok_or("nobody of that kind")?;
    window.goto(&format!("{base}/sign-in")).await?;
    window.find(Locator::Css("main [name=email]")).await?.send_keys(email).await?;
    window.find(Locator::Css("main [name=password]")).await?.send_keys(PASSWORD).await?;
    window.find(Locator::Css("main form button")).await?.click().await?;
    while window.current_url().await?.path() == "/sign-in" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn take(window: &Client, file: &std::path::Path) -> Result<(), Box<dyn Error>> {
    std::fs::write(file, window.screenshot().await?)?;
    println!("{}", file.display());
    Ok(())
}
