//! What a URL of the service is: its method, its path, and who may ask for it. The list of them is the site's.

use actix_web::http::{Method, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, guard};

use crate::ground::sign_in::PersonKind;

/// Who may ask for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Everybody,
    /// Whoever holds a link with a secret in it.
    LinkHolder,
    /// A program on this machine, or one that knows the token of the settings.
    Scraper,
    /// Signed-in people of these kinds.
    Kinds(&'static [PersonKind]),
}

/// One URL and method.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path, with `{name}` for what varies.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
}

/// What answers a method at a path.
pub type Answering = (&'static str, &'static str, actix_web::Route);

/// Adds what answers each method at each path to an actix application. A path with its methods is one resource: HEAD is
/// asked of whatever answers GET (RFC 9110, section 9.3.2), and any other method is told which there are.
pub fn register(config: &mut ServiceConfig, answering: Vec<Answering>) {
    let mut paths: Vec<(&'static str, Vec<(&'static str, actix_web::Route)>)> = Vec::new();
    for (method, path, route) in answering {
        match paths.iter_mut().find(|(known, _)| *known == path) {
            Some((_, routes)) => routes.push((method, route)),
            None => paths.push((path, vec![(method, route)])),
        }
    }
    for (path, routes) in paths {
        let allowed = allowed(routes.iter().map(|(method, _)| *method));
        let refuse = move || {
            let refusal =
                HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allowed.clone())).finish();
            std::future::ready(refusal)
        };
        let mut resource = web::resource(path);
        for (method, route) in routes {
            let is_asked =
                move |asked: &Method| asked == method || (method == "GET" && asked == Method::HEAD);
            resource =
                resource.route(route.guard(guard::fn_guard(move |context| is_asked(&context.head().method))));
        }
        config.service(resource.default_service(web::to(refuse)));
    }
}

/// The methods that a path with these answers, as the header `Allow` names them.
#[must_use]
pub fn allowed<'a>(methods: impl Iterator<Item = &'a str>) -> String {
    methods.map(|method| if method == "GET" { "GET, HEAD" } else { method }).collect::<Vec<_>>().join(", ")
}
