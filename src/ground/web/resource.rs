//! A path with its methods, as actix is told of it.

use actix_web::http::{Method, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, guard};

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
