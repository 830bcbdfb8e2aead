//! Records as files: CSV and JSON. It knows no request and reads no database.

pub mod csv;
pub mod records;
pub mod writer;
