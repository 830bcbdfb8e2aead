//! Comptoir: the self-hosted back office for merchants who sell on Amazon.

pub mod amazon;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod domain;
pub mod error;
pub mod export;
pub mod i18n;
pub mod mail;
pub mod ops;
pub mod sandbox;
pub mod sheet;
pub mod telemetry;
pub mod web;
pub mod worker;
