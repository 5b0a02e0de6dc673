//! The front end's files, embedded by `build.rs`: stylesheet, scripts and pictures.
//!
//! Their addresses carry a version made from their contents (`/assets/<version>/app.css`), so a browser may
//! keep them for ever and still sees a new release at once. Files refer to one another by relative names.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, web};

use super::frame::AssetUrls;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One file of the front end.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its name beneath `web/dist`, with `/` between folders: `images/icon.svg`.
    pub path: &'static str,
    /// What to say in `Content-Type`.
    pub content_type: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

/// The file with this path, if the front end has it.
#[must_use]
pub fn find_asset(path: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().and_then(|at| ASSETS.get(at))
}

/// The address pages use for a file: `/assets/<version>/<path>`.
#[must_use]
pub fn asset_url(path: &str) -> String {
    format!("/assets/{VERSION}/{path}")
}

/// The addresses every page's head names.
#[must_use]
pub fn urls() -> AssetUrls {
    AssetUrls { css: asset_url("app.css"), js: asset_url("app.js"), icon: asset_url("images/icon.svg") }
}

/// Answers `GET /assets/{version}/{path:.*}`.
///
/// An address of another version (a page of the release before, still open in a browser) gets the present
/// file, but is told not to keep it.
pub async fn serve_asset(address: web::Path<(String, String)>) -> HttpResponse {
    let (version, path) = address.into_inner();
    let Some(asset) = find_asset(&path) else {
        return HttpResponse::NotFound().finish();
    };
    let keep = if version == VERSION { "public, max-age=31536000, immutable" } else { "no-store" };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.content_type))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(asset.bytes)
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::http::StatusCode;

    use super::*;

    async fn answer(version: &str, path: &str) -> HttpResponse {
        serve_asset(web::Path::from((version.to_owned(), path.to_owned()))).await
    }

    #[test]
    fn every_file_is_found_by_its_own_path() {
        assert!(ASSETS.len() >= 4, "the stylesheet, two scripts and an icon at least");
        for asset in ASSETS {
            assert_eq!(find_asset(asset.path).map(|found| found.path), Some(asset.path));
        }
        assert!(find_asset("app.css/").is_none());
        assert!(find_asset("../Cargo.toml").is_none());
    }

    #[test]
    fn the_stylesheet_asks_no_other_host_and_names_no_remote_font() {
        let css = std::str::from_utf8(find_asset("app.css").expect("embedded").bytes).expect("text");
        assert!(css.contains(".nhsuk-button") && css.contains(".app-week"));
        assert!(!css.contains("http://") && !css.contains("https://") && !css.contains("@font-face"));
    }

    #[actix_web::test]
    async fn a_present_address_is_kept_for_ever_and_an_old_one_not_at_all() {
        let present = answer(VERSION, "app.js").await;
        assert_eq!(present.headers().get(CACHE_CONTROL).unwrap(), "public, max-age=31536000, immutable");
        assert_eq!(present.headers().get(CONTENT_TYPE).unwrap(), "text/javascript; charset=utf-8");
        let body = to_bytes(present.into_body()).await.expect("a body in memory");
        assert_eq!(body, find_asset("app.js").expect("embedded").bytes);

        let old = answer("0000", "app.js").await;
        assert_eq!(old.status(), StatusCode::OK);
        assert_eq!(old.headers().get(CACHE_CONTROL).unwrap(), "no-store");
        assert_eq!(answer(VERSION, "missing.css").await.status(), StatusCode::NOT_FOUND);
    }
}
