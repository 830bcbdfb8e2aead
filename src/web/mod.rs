//! The browser's door: routes and middleware, in order.
//!
//! A handler parses, calls one op or one query and renders. No business rule and no SQL lives here.
//!
//! A page is a struct beside its handler, with a field `chrome` from [`extract::CurrentUser::chrome`] and a template that
//! extends `base.html`; it is sent with [`page::html`]. A form is an [`extract::Form`] of a struct that denies unknown
//! fields; its template includes `parts/form.html` and the token. After it was carried out, [`page::see_other`] leads to
//! the next page, where a [`flash::Flash`] says what was done. Mistakes are answered by the same page with
//! [`page::html_with`] and status 422; anything else that goes wrong is an `AppError`, which [`failure`] shows.

use crate::app::App;
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, FormConfig, PayloadConfig, ServiceConfig};
use actix_web::{App as Site, HttpServer};
use std::net::TcpListener;
use std::time::Duration;

pub mod account;
pub mod account_apart;
pub mod account_ending;
pub mod account_marketplaces;
pub mod accounts;
pub mod amazon_overview;
pub mod announcing;
pub mod announcing_mail;
pub mod assets;
pub mod badges;
pub mod carriers;
pub mod conflict;
pub mod csrf;
pub mod customers;
pub mod dashboard;
pub mod developer;
pub mod extract;
pub mod failure;
pub mod feeds;
pub mod file_import;
pub mod file_import_report;
pub mod file_notes;
pub mod flash;
pub mod headers;
pub mod health;
pub mod history;
pub mod inventory;
pub mod issue_match;
pub mod issues;
pub mod language;
mod link_view;
pub mod linking;
pub mod list;
pub mod locations;
pub mod login;
pub mod marketplaces;
pub mod me;
mod menu;
pub mod methods;
pub mod moves;
pub mod offer;
pub mod offer_files;
pub mod offer_match;
pub mod offers;
pub mod order;
pub mod order_decide;
pub mod order_private;
pub mod order_tax;
pub mod orders;
pub mod page;
pub mod picking;
pub mod picking_amazon;
pub mod picking_batch;
pub mod picking_cell;
pub mod picking_labels;
pub mod picking_pack;
pub mod picking_print;
pub mod picking_return;
pub mod picking_steps;
pub mod picking_work;
pub mod pickings;
pub mod product;
pub mod product_count;
pub mod product_kit;
pub mod product_notes;
pub mod product_picker;
pub mod products;
pub mod reasons;
pub mod recover;
pub mod requests;
pub mod runs;
pub mod sessions;
pub mod setup;
pub mod taxes;
pub mod teams;
pub mod upload;
pub mod when;
pub mod why;

/// The largest body of a request, in bytes: the grid of tracking references with all its transfers and a text of as many lines.
pub const LARGEST_BODY: usize = 256 * 1024;

/// Registers all pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.configure(assets::configure)
        .configure(health::configure)
        .configure(language::configure)
        .configure(login::configure)
        .configure(setup::configure)
        .configure(me::configure)
        .configure(pages)
        .default_service(web::to(failure::not_found));
}

/// The pages of the business; an address that looks like a record's comes after those that do not.
fn pages(cfg: &mut ServiceConfig) {
    cfg.configure(why::configure)
        .configure(orders::configure)
        .configure(order::configure)
        .configure(order_decide::configure)
        .configure(order_tax::configure)
        .configure(customers::configure)
        .configure(products::configure)
        .configure(file_import::configure)
        .configure(product::configure)
        .configure(inventory::configure)
        .configure(picking_amazon::configure)
        // Its fixed addresses come before those with a transfer's key.
        .configure(picking_print::configure)
        .configure(pickings::configure)
        .configure(picking_batch::configure)
        .configure(picking_cell::configure)
        .configure(picking_labels::configure)
        .configure(picking::configure)
        .configure(picking_return::configure)
        .configure(picking_pack::configure)
        .configure(picking_steps::configure)
        .configure(picking_work::configure)
        .configure(moves::configure)
        .configure(carriers::configure)
        .configure(runs::configure)
        .configure(feeds::configure)
        .configure(issue_match::configure)
        .configure(issues::configure)
        .configure(offers::configure)
        .configure(offer_match::configure)
        .configure(offer_files::configure)
        .configure(offer::configure)
        .configure(amazon_overview::configure)
        .configure(accounts::configure)
        .configure(recover::configure)
        .configure(linking::configure)
        .configure(account_ending::configure)
        .configure(account_marketplaces::configure)
        .configure(account_apart::configure)
        .configure(account::configure)
        .configure(taxes::configure)
        .configure(announcing::configure)
        .configure(announcing_mail::configure)
        .configure(teams::configure)
        .configure(locations::configure)
        .configure(marketplaces::configure)
        .configure(dashboard::configure);
}

/// The server that answers browsers on `listener`, with `workers` threads.
pub fn server(app: App, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let data = Data::new(app);
    let long_lists = Data::new(list::counts::LongLists::default());
    let server = HttpServer::new(move || {
        // The first one wrapped is the innermost.
        Site::new()
            .app_data(Data::clone(&data))
            .app_data(Data::clone(&long_lists))
            .app_data(PayloadConfig::new(LARGEST_BODY))
            .app_data(FormConfig::default().limit(LARGEST_BODY))
            .wrap(from_fn(methods::head_as_get))
            .wrap(from_fn(developer::alias))
            .wrap(from_fn(csrf::check))
            .wrap(from_fn(sessions::load))
            .wrap(from_fn(failure::pages))
            .wrap(from_fn(headers::add))
            .wrap(Compress::default())
            .wrap(from_fn(requests::log))
            .configure(configure)
    })
    .workers(workers)
    .client_request_timeout(Duration::from_secs(10))
    .client_disconnect_timeout(Duration::from_secs(2))
    .keep_alive(Duration::from_secs(30))
    .shutdown_timeout(10)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}
