//! A path with its methods, as actix is told of it.

use actix_web::http::{Method, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, guard};

use crate::ground::app::route::Route;

/// A URL with its method and who may ask for it, and what answers.
pub type Answering = (Route, actix_web::Route);

/// Adds what answers each method at each path to an actix application. A path with its methods is one resource: HEAD is
/// asked of whatever answers GET (RFC 9110, section 9.3.2), and any other method is told which there are. Who may ask goes with the request, where the guard
/// reads it.
pub fn register(config: &mut ServiceConfig, answering: Vec<Answering>) {
    let mut paths: Vec<(&'static str, Vec<Answering>)> = Vec::new();
    for (route, answer) in answering {
        match paths.iter_mut().find(|(known, _)| *known == route.path) {
            Some((_, answers)) => answers.push((route, answer)),
            None => paths.push((route.path, vec![(route, answer)])),
        }
    }
    for (path, answers) in paths {
        let allowed = allowed(answers.iter().map(|(route, _)| route.method));
        let refuse = move || {
            let refusal =
                HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allowed.clone())).finish();
            std::future::ready(refusal)
        };
        let mut resource = web::resource(path);
        for (Route { method, who, .. }, answer) in answers {
            resource = resource.route(answer.guard(guard::fn_guard(move |context| {
                let asked = &context.head().method;
                let is_it = asked == method || (method == "GET" && asked == Method::HEAD);
                if is_it {
                    context.req_data_mut().insert(who);
                }
                is_it
            })));
        }
        config.service(resource.default_service(web::to(refuse)));
    }
}

/// The methods that a path with these answers, as the header `Allow` names them.
#[must_use]
pub fn allowed<'a>(methods: impl Iterator<Item = &'a str>) -> String {
    methods.map(|method| if method == "GET" { "GET, HEAD" } else { method }).collect::<Vec<_>>().join(", ")
}
