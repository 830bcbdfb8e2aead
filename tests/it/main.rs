//! The whole application, tested from outside: one program, so that it is linked once.

mod architecture;
mod headers;
mod i18n;
mod me;
mod set_up;
mod sign_in;
mod support;
