//! The whole application, tested from outside: one program, so that it is linked once.

mod i18n;
