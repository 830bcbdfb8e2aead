//! What tests start from: the real application on a free port, its database, and a browser.

pub(crate) mod app;
pub(crate) mod browser;
pub(crate) mod db;
pub(crate) mod factory;
pub(crate) mod imports;
pub(crate) mod node;
pub(crate) mod shipping;
pub(crate) mod shop;
pub(crate) mod smtp;
pub(crate) mod warehouse;
