//! Amazon's answers, field by field, exactly as Amazon names them.
//!
//! They are read tolerantly and never leave this part of the program: `translate` turns them into Comptoir's
//! words.

pub(super) mod feeds;
pub(super) mod orders;
pub(super) mod sellers;
pub(super) mod shipments;
