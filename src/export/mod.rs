//! Records as files: CSV, JSON and printed documents. It knows no request and reads no database.

pub mod csv;
pub mod pdf;
pub mod records;
pub mod writer;
