//! The whole application, tested from outside: one program, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod amazon_client;
mod architecture;
mod conformance;
mod crash;
mod headers;
mod i18n;
mod me;
mod migrations;
mod privacy;
mod sandbox;
mod set_up;
mod sign_in;
mod stories;
mod support;
