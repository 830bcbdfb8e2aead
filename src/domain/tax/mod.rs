//! Which tax a sale bears and why: the table of fiscal positions as one pure function.
//!
//! [`decision::decide`] reads the company's profile, the rates and what Amazon told of one sale. It never guesses: what no
//! row of the table covers is left to a person.

pub mod amount;
pub mod decision;
pub mod place;
pub mod profile;
pub mod rates;
pub mod reasons;
pub mod sale;
pub mod vat_number;
