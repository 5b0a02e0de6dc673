//! What somebody has just done, told once: the one who did it says it in words, of what stands after the act, and the page
//! that they are led to shows it. It travels in a cookie, so that going back, a bookmark or somebody else's link does not
//! tell it again. The cookie opens nothing; whoever forges their own deceives themselves.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const TOLD_COOKIE: &str = "__Host-told";

/// Leads to the page at `location`, which tells `sentence`, once.
#[must_use]
pub fn see_told(location: &str, sentence: impl AsRef<str>) -> HttpResponse {
    let path = location.split('?').next().unwrap_or(location);
    let value = URL_SAFE_NO_PAD.encode(format!("{path}\n{}", sentence.as_ref()));
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).cookie(cookie(value)).finish()
}

/// The sentence that the page of this request is to tell.
pub(super) fn sentence_for(request: &HttpRequest) -> Option<String> {
    let value = request.cookie(TOLD_COOKIE)?;
    let value = String::from_utf8(URL_SAFE_NO_PAD.decode(value.value()).ok()?).ok()?;
    let (path, sentence) = value.split_once('\n')?;
    (path == request.path()).then(|| sentence.to_owned())
}

/// Whether the page of this request is to tell that something has just been done.
#[must_use]
pub fn is_told(request: &HttpRequest) -> bool {
    sentence_for(request).is_some()
}

/// Takes the sentence away once a page has told it.
pub(super) async fn tell_once(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_told = sentence_for(request.request()).is_some();
    let mut answer = next.call(request).await?;
    if is_told && answer.status().is_success() {
        let mut gone = cookie(String::new());
        gone.make_removal();
        answer.response_mut().add_cookie(&gone)?;
    }
    Ok(answer)
}

fn cookie(value: String) -> Cookie<'static> {
    Cookie::build(TOLD_COOKIE, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax).finish()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::{cookie, see_told, sentence_for};

    fn at(path: &str, value: &str) -> Option<String> {
        sentence_for(&TestRequest::with_uri(path).cookie(cookie(value.to_owned())).to_http_request())
    }

    #[test]
    fn the_page_led_to_tells_the_sentence_and_no_other_page_does() {
        let answer = see_told("/sessions?week=2026-11-30", "“Coil” clinic; posted, twice");
        let sent = answer.cookies().next().unwrap().value().to_owned();
        assert_eq!(at("/sessions", &sent).as_deref(), Some("“Coil” clinic; posted, twice"));
        assert_eq!(at("/sessions/new", &sent), None);
    }

    #[test]
    fn what_is_no_sentence_is_not_told() {
        for value in ["", "*", "aGVsbG8", "_w"] {
            assert_eq!(at("/sessions", value), None, "{value}");
        }
    }
}
