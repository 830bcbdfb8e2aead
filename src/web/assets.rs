//! The style sheet, the scripts and the pictures, inside the program and under names that change with their content.

use crate::error::AppError;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, Path, ServiceConfig};
use rust_embed::RustEmbed;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// File names by address, and addresses by file name.
struct Names {
    by_address: HashMap<String, String>,
    by_name: HashMap<String, String>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { by_address: HashMap::new(), by_name: HashMap::new() };
    for name in Files::iter().filter(|name| !name.ends_with(".md")) {
        let Some(file) = Files::get(&name) else { continue };
        let mut hash = String::new();
        for byte in file.metadata.sha256_hash().iter().take(6) {
            write!(hash, "{byte:02x}").ok();
        }
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        let address = format!("{stem}.{hash}.{extension}");
        names.by_name.insert(name.to_string(), format!("/static/{address}"));
        names.by_address.insert(address, name.to_string());
    }
    names
});

/// The address of a file of the folder `static`, for example `asset("comptoir.css")`.
pub fn asset(name: &str) -> &'static str {
    NAMES.by_name.get(name).map_or("/static/missing", String::as_str)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

async fn file(path: Path<String>) -> Result<HttpResponse, AppError> {
    let name = NAMES.by_address.get(path.as_str()).ok_or(AppError::NotFound)?;
    let file = Files::get(name).ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type(name)))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(file.data.into_owned()))
}

/// Registers the files.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/static/{file:.+}").get(file));
}
