//! Writing imported orders: one multi-row statement per table for a whole page of orders.
//!
//! Which order becomes what was decided before; nothing here decides.

pub mod changes;
pub mod customers;
pub mod decisions;
pub mod held;
pub mod offers;
pub mod orders;
pub mod stock;
pub mod surroundings;
