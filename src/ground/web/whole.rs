//! Every request is handled whole, whether or not its browser waits for the answer.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;

use super::AppError;
use crate::ground::app::App;
use crate::ground::db::unit;

/// Middleware, the outermost: the request is handled in a task of its own, which is waited for and not dropped. A browser
/// may hang up at any moment, and an async web server then drops the handler where it stands, a transaction half way with
/// it. A handler that panics answers 500.
pub async fn run_whole<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let one = request.app_data::<web::Data<App>>().map(|app| app.in_hand.one());
    let handling = actix_web::rt::spawn(async move {
        let answer = unit::watch(next.call(request)).await;
        drop(one);
        answer
    });
    match handling.await {
        Ok(answer) => answer,
        Err(error) => Err(AppError::internal("handling a request", error).into()),
    }
}
