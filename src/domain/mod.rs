//! The rules of the business, in reading order: what can be wrong about money, stock, tax and states is here.
//!
//! Pure code: no database, no web, no clock, no network.

pub mod access;
pub mod account;
pub mod amounts;
pub mod booked_moves;
mod coded;
pub mod ids;
pub mod lines;
pub mod marketplace;
pub mod money;
pub mod offer;
pub mod offer_matching;
pub mod offer_rows;
pub mod offer_suggestions;
pub mod order;
pub mod password;
pub mod personal;
pub mod picking;
pub mod remote;
pub mod run;
pub mod sync;
pub mod throttle;
