//! Words in English and French.
