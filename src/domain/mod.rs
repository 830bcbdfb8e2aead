//! The rules of the business, in reading order: what can be wrong about money, stock, tax and states is here.
//!
//! Pure code: no database, no web, no clock, no network.

pub mod access;
pub mod account;
pub mod amounts;
pub mod announcement;
pub mod booked_moves;
pub mod carrier;
pub mod code128;
mod coded;
pub mod dataset;
pub mod digest;
pub mod file_rows;
pub mod ids;
pub mod kit;
pub mod kit_parts;
pub mod lines;
pub mod marketplace;
pub mod mask;
pub mod money;
pub mod network;
pub mod offer;
pub mod offer_matching;
pub mod offer_rows;
pub mod offer_suggestions;
pub mod order;
pub mod password;
pub mod personal;
pub mod picking;
pub mod product;
pub mod product_rows;
pub mod refusal;
pub mod remote;
pub mod run;
pub mod sync;
pub mod tax;
pub mod throttle;
pub mod tracking;
