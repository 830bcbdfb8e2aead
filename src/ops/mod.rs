//! What a user or the worker does, one file per thing: each opens one write transaction and leaves a trace.
//!
//! An op checks who acts, asks the domain, calls the database and never calls Amazon inside a transaction.

use crate::db::audit::NewEvent;
use crate::domain::access::{Action, Rights};
use crate::domain::ids::{CompanyId, UserId};
use crate::error::AppError;
use chrono::NaiveDateTime;

pub mod add_account;
pub mod add_location;
pub mod add_marketplace;
pub mod add_offer;
pub mod add_team;
pub mod add_user;
pub mod adjust_stock;
pub mod announce;
pub mod announce_grace;
pub mod ask_consent;
mod book_moves;
pub mod count_stock;
pub mod credentials;
pub mod decide_order;
pub mod decide_taxes;
pub mod edit_account;
pub mod edit_announcing;
pub mod edit_carrier;
pub mod edit_kit;
pub mod edit_picking;
pub mod edit_product;
pub mod edit_taxes;
pub mod enter_labels;
pub mod export_products;
pub mod export_records;
pub mod force_date;
pub mod found_company;
pub mod import_files;
pub mod import_orders;
pub mod link_account;
pub mod lose_authorization;
pub mod match_offer;
pub mod match_offers;
pub mod open_account;
pub mod open_vault;
pub mod override_marketplaces;
pub mod pack_parcel;
pub mod pause_account;
pub mod prepare_orders;
pub mod print_slips;
pub mod recover_orders;
pub mod request_sync;
pub mod reserve_stock;
pub mod return_goods;
pub mod send_digest;
pub mod send_test_mail;
pub mod set_preferences;
pub mod set_up;
pub mod settle_issue;
pub mod settle_shipments;
pub mod share_quotas;
pub mod ship_parcels;
pub mod sign_in;
pub mod sign_out;
pub mod split_account;
pub mod start_session;
pub mod stop_run;
pub mod test_permissions;
pub mod toggle_developer_mode;
pub mod undo_validation;
pub mod unlink_account;
pub mod update_marketplaces;
pub mod validate_picking;
pub mod validate_pickings;

/// Who does something.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user.
    pub user: UserId,
    /// The user's company.
    pub company: CompanyId,
    /// What the user is allowed.
    pub rights: Rights,
    /// Whether developer mode is on in this session.
    pub developer_mode: bool,
    /// Where the request came from.
    pub ip: String,
}

impl Actor {
    /// Fails with [`AppError::Forbidden`] unless the actor may do this.
    pub fn must(&self, action: Action) -> Result<(), AppError> {
        if self.rights.may(action) { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// Developer mode never grants a right: it needs the right and the switch.
    pub fn must_be_developer(&self) -> Result<(), AppError> {
        self.must(Action::ForceSynchronization)?;
        if self.developer_mode { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// A line of the audit trail about what the actor does; add the values before and after.
    pub fn event<'a>(&'a self, action: &'a str, subject: &'a str, at: NaiveDateTime) -> NewEvent<'a> {
        NewEvent {
            company_id: Some(self.company),
            user_id: Some(self.user),
            ip: Some(&self.ip),
            action,
            subject,
            old_value: None,
            new_value: None,
            at,
        }
    }
}
