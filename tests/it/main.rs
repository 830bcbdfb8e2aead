//! The whole application, tested from outside: one program, so that it is linked once.


    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
#![expect(
)]
mod amazon_client;
mod architecture;
mod conformance;
mod headers;
mod i18n;
mod me;
mod sandbox;
mod set_up;
mod sign_in;
mod support;
