//! Security headers on every answer, and the refusal of forms sent by other sites.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

use super::AppError;

/// No script, style, frame or connection but our own.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A mail program ends mails by a POST here, from wherever it runs (RFC 8058). The link itself is the permission: it
/// needs no cookie, so none can be abused.
const OPEN_TO_OTHER_SITES: &str = "/unsubscribe/";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (header::PERMISSIONS_POLICY, "camera=(), microphone=(), geolocation=()"),
];

/// Middleware: puts the security headers on every answer; an answer that brings its own content policy keeps it.
/// Pages are never kept by a shared cache.
pub async fn secure_answers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let own_policy = headers.get(header::CONTENT_SECURITY_POLICY).cloned();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(policy) = own_policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// Middleware: refuses an unsafe method that a browser says came from another site. Forms carry a token besides.
pub async fn refuse_foreign_forms(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let is_open = request.path().starts_with(OPEN_TO_OTHER_SITES);
    if !request.method().is_safe() && !is_open && is_foreign(request.headers()) {
        return Ok(request.error_response(AppError::ForeignForm));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Middleware: refuses an address with a NUL in it, before anything reads it: it names nothing, and PostgreSQL can't be
/// asked for it.
pub async fn refuse_nul(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if has_nul(&request.uri().to_string()) {
        let advice = "Check the web address: it has a character that no address of ours has.";
        return Ok(request.error_response(AppError::BadRequest(advice.to_owned())));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Whether an address has a NUL, written out or escaped.
fn has_nul(address: &str) -> bool {
    percent_encoding::percent_decode_str(address).any(|byte| byte == 0)
}

/// Whether the fetch metadata, or where there is none the origin, names another site. A program that sends neither
/// is not a browser, and holds no cookie that could be abused.
fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (None, _) => false,
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, authority)| authority != host),
        (Some(_), None) => true,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_nul_is_found_however_it_is_written() {
        for address in ["/clinicians?search=a%00b", "/offer-link/%00", "/a\0"] {
            assert!(super::has_nul(address), "{address}");
        }
        for address in ["/clinicians?search=100%25", "/clinicians?search=%2500", "/sessions?week=2026-11-02"]
        {
            assert!(!super::has_nul(address), "{address}");
        }
    }

    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::is_foreign;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_send_forms() {
        assert!(!is_foreign(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_foreign(&headers(&[("sec-fetch-site", "none")])));
        assert!(is_foreign(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(is_foreign(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(!is_foreign(&headers(&[("origin", "https://bank.example"), ("host", "bank.example")])));
        assert!(is_foreign(&headers(&[("origin", "https://evil.example"), ("host", "bank.example")])));
        assert!(is_foreign(&headers(&[("origin", "null"), ("host", "bank.example")])));
        assert!(!is_foreign(&headers(&[])));
    }
}
