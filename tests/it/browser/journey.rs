//! A journey is made twice on a phone: without scripts, as it must work, and with them, where each page is also looked at.

use std::ops::Deref;

use super::a_document::is_in_order;
use super::window::{Screen, Scripts, Window};
use crate::support::World;

/// Both ways.
pub(super) const BOTH: [Scripts; 2] = [Scripts::Off, Scripts::On];

/// A phone on which a journey is made.
pub(super) struct Journey {
    window: Window,
    scripts: Scripts,
}

impl Deref for Journey {
    type Target = Window;

    fn deref(&self) -> &Window {
        &self.window
    }
}

impl Journey {
    /// A phone that is nowhere yet.
    pub async fn begin(world: &World, scripts: Scripts) -> Self {
        Self { window: Window::open(&world.base_url, Screen::Phone, scripts).await, scripts }
    }

    /// Waits until the page says this, and looks at it.
    pub async fn sees(&self, text: &str) {
        self.window.wait_for_text(text).await;
        if self.scripts == Scripts::On {
            is_in_order(&self.window).await;
        } else {
            assert!(!self.window.has_run_scripts().await, "a script has run");
        }
    }

    /// Puts the phone away.
    pub async fn end(self) {
        self.window.close().await;
    }
}
