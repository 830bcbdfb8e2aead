//! The whole application, tested from outside: one program, so that it is linked once.

mod amazon_client;
mod conformance;
mod i18n;
mod sandbox;
