//! Printed documents of the warehouse: delivery slips, the pick list and the sheet of command codes, as PDF.

use super::extract::CurrentUser;
use super::order::address_lines;
use super::order_private::Private;
use super::page::{Chrome, Place, see_other};
use crate::app::App;
use crate::crypto::Vault;
use crate::db::orders::LineRow;
use crate::db::picking_slips::{self, Goods};
use crate::db::{pickings, teams};
use crate::domain::access::Action;
use crate::domain::ids::{LocationId, PickingId};
use crate::domain::order::LineKind;
use crate::domain::picking::reference;
use crate::error::AppError;
use crate::export::pdf::{self, PdfError, PickLine, Shelf, Slip, SlipLine};
use crate::i18n::format;
use crate::ops::print_slips::{self, Sheet};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use std::collections::HashMap;

/// Registers the documents.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/slips.pdf", web::get().to(slips))
        .route("/inventory/pickings/{id}/slip", web::post().to(print))
        .route("/inventory/pickings/{id}/slip.pdf", web::get().to(slip))
        .route("/inventory/pick-list.pdf", web::get().to(pick_list))
        .route("/inventory/scan-commands.pdf", web::get().to(scan_commands));
}

/// The transfers that an address names, each once.
pub(super) fn chosen(request: &HttpRequest) -> Result<Vec<PickingId>, AppError> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(request.query_string())
        .map_err(|_unreadable| AppError::BadRequest("the address cannot be read"))?;
    let mut ids = Vec::new();
    for (_, value) in pairs.iter().filter(|(name, _)| name == "id") {
        let id = value.parse().map(PickingId).map_err(|_wrong| AppError::NotFound)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Sends a document under a name, to be looked at or printed from the browser.
fn send(document: Result<Vec<u8>, PdfError>, name: &str) -> Result<HttpResponse, AppError> {
    let document = document.map_err(|error| {
        tracing::error!(%error, "a document could not be made");
        AppError::Internal("a document could not be made")
    })?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"{name}.pdf\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(document))
}

/// Where the slip of a transfer is read.
pub(super) fn slip_of(id: PickingId) -> String {
    format!("/inventory/pickings/{id}/slip.pdf")
}

async fn print(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    let id = PickingId(*path);
    print_slips::note(&app, &user.actor(), vec![id]).await?;
    Ok(see_other(slip_of(id)))
}

async fn slip(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    let id = PickingId(*path);
    let name = reference(id).replace('/', "-");
    printed(&user, &app, vec![id], &name).await
}

async fn slips(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    user.must(Action::PrintSlips)?;
    printed(&user, &app, chosen(&request)?, "delivery-slips").await
}

async fn printed(user: &CurrentUser, app: &App, ids: Vec<PickingId>, name: &str) -> Result<HttpResponse, AppError> {
    let (company, sheets) = print_slips::read(app, &user.actor(), ids).await?;
    let (chrome, vault) = (user.chrome("print-slips", Place::Transfers), app.vault.clone());
    let shown: Vec<Slip> = sheets.iter().map(|sheet| shown(&chrome, &vault, &company, sheet)).collect();
    let lang = user.lang;
    let document = app.blocking(move || Ok::<_, AppError>(pdf::slips(lang, &shown))).await?;
    send(document, name)
}

fn shown(chrome: &Chrome, vault: &Vault, company: &str, sheet: &Sheet) -> Slip {
    let Sheet { transfer, order, lines, address, goods, followed_by } = sheet;
    let day = |at: chrono::NaiveDateTime| chrome.date(at.and_utc().with_timezone(&chrome.zone).date_naive());
    let private = Private::of(order, vault);
    let gift = |note: &LineRow| Some((title_of(lines, note), private.on(note)?.clone()));
    Slip {
        reference: reference(transfer.id),
        company: company.to_owned(),
        order: order.head.amazon_order_id.to_string(),
        marketplace: chrome.marketplace(&order.head.marketplace_id),
        ordered: day(order.head.ordered_at),
        ship_by: transfer.ship_by.map(|at| format::date_time(chrome.lang, at, chrome.zone)).unwrap_or_default(),
        carrier: transfer.carrier.clone().unwrap_or_default(),
        tracking: transfer.tracking.clone().unwrap_or_default(),
        address: address_lines(chrome.lang, address.as_ref().map(|row| row.open(vault))),
        lines: inside(goods, lines),
        gift_messages: lines.iter().filter_map(gift).collect(),
        rest_of: transfer.backorder_of_id.map(reference),
        followed_by: followed_by.iter().map(|id| reference(*id)).collect(),
    }
}

/// The title of the item that a note is about.
fn title_of(lines: &[LineRow], note: &LineRow) -> String {
    let is_meant = |line: &&LineRow| line.kind == LineKind::Item && line.amazon_item_id == note.amazon_item_id;
    lines.iter().find(is_meant).map(|line| line.title.clone()).unwrap_or_default()
}

/// What is inside, in Amazon's words where it is what was ordered, each thing once.
fn inside(goods: &[Goods], lines: &[LineRow]) -> Vec<SlipLine> {
    let mut shown: Vec<SlipLine> = Vec::new();
    for goods in goods {
        let ordered = lines.iter().find(|line| Some(line.id) == goods.order_line_id);
        let ordered = ordered.filter(|line| line.product_id == Some(goods.product_id));
        // A stand-in product says nothing: Amazon's product code does.
        let code = ordered.filter(|line| line.is_default_product).and_then(|line| line.sku.as_ref());
        let product = code.map_or_else(|| goods.product.clone(), ToString::to_string);
        let title = ordered.map_or_else(|| goods.name.clone(), |line| line.title.clone());
        match shown.iter_mut().find(|known| known.product == product && known.title == title) {
            Some(known) => known.quantity += goods.quantity,
            None => shown.push(SlipLine { product, title, quantity: goods.quantity }),
        }
    }
    shown
}

async fn pick_list(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    let (company, ids) = (user.company, chosen(&request)?);
    print_slips::check(&ids)?;
    let (goods, locations) = app
        .read(move |conn| {
            if pickings::some(conn, company, &ids)?.len() != ids.len() {
                return Err(AppError::NotFound);
            }
            Ok((picking_slips::goods(conn, &ids)?, teams::locations(conn, company)?))
        })
        .await?;
    let shelves = shelves(&goods, &locations.into_iter().collect());
    let (lang, made) = (user.lang, format::date_time(user.lang, user.now, user.zone));
    let document = app.blocking(move || Ok::<_, AppError>(pdf::pick_list(lang, &made, &shelves))).await?;
    send(document, "pick-list")
}

/// What is still to be fetched, by location and product.
fn shelves(goods: &[Goods], locations: &HashMap<LocationId, String>) -> Vec<Shelf> {
    let mut shelves: Vec<Shelf> = Vec::new();
    for goods in goods.iter().filter(|goods| goods.state.is_open()) {
        let location = locations.get(&goods.source_id).cloned().unwrap_or_default();
        let at = shelves.iter().position(|shelf| shelf.location == location).unwrap_or_else(|| {
            shelves.push(Shelf { location, lines: Vec::new() });
            shelves.len() - 1
        });
        let Some(shelf) = shelves.get_mut(at) else { continue };
        let transfer = goods.picking_id.map(reference).unwrap_or_default();
        let at = shelf.lines.iter().position(|line| line.product == goods.product).unwrap_or_else(|| {
            let (product, name) = (goods.product.clone(), goods.name.clone());
            shelf.lines.push(PickLine { product, name, ..PickLine::default() });
            shelf.lines.len() - 1
        });
        let Some(line) = shelf.lines.get_mut(at) else { continue };
        line.quantity += goods.quantity;
        match line.transfers.iter_mut().find(|(known, _)| *known == transfer) {
            Some((_, quantity)) => *quantity += goods.quantity,
            None => line.transfers.push((transfer, goods.quantity)),
        }
    }
    shelves.sort_by(|one, other| one.location.cmp(&other.location));
    shelves
}

async fn scan_commands(user: CurrentUser) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    send(pdf::scan_commands(user.lang), "scan-commands")
}
