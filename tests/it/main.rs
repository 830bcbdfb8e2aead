//! The whole application, tested from outside: one program, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod account_ending;
mod accounts_page;
mod amazon_client;
mod amazon_overview;
mod announce_page;
mod architecture;
mod carriers;
mod conformance;
mod crash;
mod crash_shipments;
mod demo;
mod headers;
mod i18n;
mod inventory_page;
mod issues_page;
mod kits_import;
mod linking;
mod lists;
mod logs;
mod mail_page;
mod marketplaces;
mod me;
mod migrations;
mod offers_import;
mod offers_page;
mod order_page;
mod orders_list;
mod picking_labels;
mod picking_print;
mod privacy;
mod products_import;
mod products_page;
mod runs_page;
mod sandbox;
mod set_up;
mod sign_in;
mod stories;
mod support;
mod taxes;
mod transfers_list;
mod usual_carriers;
