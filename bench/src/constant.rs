//! What the service could do at most: a body that never changes, through the service's own stack, of which only the
//! credential, the use case and the database are missing.

use std::{net::SocketAddr, path::Path};

use actix_web::{App, HttpResponse, HttpServer, middleware::from_fn, web};
use candour::{
    api::envelope,
    app::{Application, ShowKey},
    clock::Clock,
    config::{KeyHash, LogFormat, Settings},
    store::DatabaseUrl,
    telemetry,
};

use crate::{Outcome, processes::KEY};

/// Serves until it is ended.
pub fn serve(listen: SocketAddr, folder: &Path) -> Outcome<()> {
    telemetry::start_logging("info", LogFormat::Json);
    let settings = Settings {
        listen: "127.0.0.1:0".parse()?,
        database: DatabaseUrl::sqlite(folder.join("constant.db")),
        metrics_listen: None,
        bootstrap_key: Some(KeyHash::of(KEY)),
        log_format: LogFormat::Json,
        tokens: None,
        edge: candour::edge::EdgeSettings::default(),
        encryption: None,
        audit_key_file: None,
    };
    actix_web::rt::System::new().block_on(async move {
        let application = Application::build(&settings, Clock::system(), ShowKey::OnTerminal).await?;
        let state = web::Data::from(application.state());
        let server = HttpServer::new(move || {
            App::new()
                .wrap(from_fn(envelope::surround))
                .app_data(state.clone())
                .route("/readyz", web::get().to(HttpResponse::Ok))
                .route("/constant/{bytes}", web::get().to(answer))
                .route("/constant/{bytes}", web::post().to(take_and_answer))
        });
        server.listen(std::net::TcpListener::bind(listen)?)?.run().await?;
        Ok(())
    })
}

async fn answer(bytes: web::Path<usize>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("ETag", "\"1-constant\""))
        .insert_header(("Cache-Control", "no-store"))
        .content_type("application/json")
        .body(constant(*bytes))
}

async fn take_and_answer(bytes: web::Path<usize>, _body: web::Bytes) -> HttpResponse {
    answer(bytes).await
}

/// A JSON text of this length.
fn constant(bytes: usize) -> web::Bytes {
    static TEXT: std::sync::OnceLock<web::Bytes> = std::sync::OnceLock::new();
    const MOST: usize = 1024 * 1024;
    let text = TEXT.get_or_init(|| web::Bytes::from(vec![b'1'; MOST]));
    text.slice(..bytes.clamp(1, MOST))
}
