//! The pages in a real browser (chromium, driven by chromedriver): what no test of text can tell.

mod a_document;
mod by_keyboard;
mod every_mail;
mod every_page;
mod joining;
mod journey;
mod signing_in;
mod standing;
mod the_bank;
mod window;
mod without_scripts;
