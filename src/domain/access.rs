//! Who may do what: one table of roles and actions, read by every door.

use super::coded::coded;

coded! {
    /// The role of a user.
    Role {
        /// Runs the installation.
        Administrator = "administrator",
        /// Works on orders.
        SalesUser = "sales_user",
        /// Leads sales.
        SalesManager = "sales_manager",
        /// Works in the warehouse.
        WarehouseUser = "warehouse_user",
        /// Leads the warehouse.
        WarehouseManager = "warehouse_manager",
        /// Keeps the books.
        Accountant = "accountant",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
    }
}

coded! {
    /// What somebody may want to do.
    Action {
        /// See the dashboard and one's own preferences.
        UseComptoir = "use_comptoir",
        /// See orders, and why the synchronization did what it did.
        ReadOrders = "read_orders",
        /// See customers and their personal data.
        ReadCustomers = "read_customers",
        /// See transfers and moves.
        ReadStock = "read_stock",
        /// See Amazon accounts, runs and issues.
        ReadAmazon = "read_amazon",
        /// Start a synchronization and stop it.
        Synchronize = "synchronize",
        /// Settle or ignore an issue.
        SettleIssues = "settle_issues",
        /// Turn developer mode on; with it, move a date and recover an order.
        ForceSynchronization = "force_synchronization",
        /// Change Amazon accounts.
        EditAccounts = "edit_accounts",
        /// Add sales teams.
        EditTeams = "edit_teams",
        /// Add stock locations.
        EditLocations = "edit_locations",
        /// Change carriers.
        EditCarriers = "edit_carriers",
        /// See what the company is to the tax offices, and the rates.
        ReadTaxes = "read_taxes",
        /// Change them, and decide the tax of orders again.
        EditTaxes = "edit_taxes",
        /// Reserve goods, validate transfers and take goods back.
        WorkOnTransfers = "work_on_transfers",
        /// Correct how much of a product the warehouse holds.
        CountStock = "count_stock",
        /// Create, change, archive and import products.
        EditProducts = "edit_products",
        /// Say what Amazon is told of deliveries: again, now, corrected, not at all.
        TellAmazon = "tell_amazon",
        /// Choose the products of offers, create offers and import them.
        MatchOffers = "match_offers",
        /// Print delivery slips, on which the address and the gift message of a buyer stand.
        PrintSlips = "print_slips",
    }
}

impl Action {
    /// The roles that allow it, besides the administrator's, which allows everything.
    const fn roles(self) -> &'static [Role] {
        use Role::{Accountant, Auditor, SalesManager, SalesUser, WarehouseManager, WarehouseUser};
        match self {
            Self::UseComptoir | Self::ReadOrders | Self::ReadStock => {
                &[SalesUser, SalesManager, WarehouseUser, WarehouseManager, Accountant, Auditor]
            }
            Self::ReadAmazon => &[SalesUser, SalesManager, WarehouseManager, Accountant, Auditor],
            Self::ReadCustomers => &[SalesUser, SalesManager, Accountant, Auditor],
            Self::ReadTaxes => &[SalesManager, Accountant, Auditor],
            Self::Synchronize | Self::EditProducts => &[SalesManager, WarehouseManager],
            Self::TellAmazon => &[SalesManager, WarehouseUser, WarehouseManager],
            Self::SettleIssues | Self::MatchOffers => &[SalesUser, SalesManager, WarehouseManager],
            Self::PrintSlips => &[SalesUser, SalesManager, WarehouseUser, WarehouseManager],
            Self::EditTeams => &[SalesManager],
            Self::WorkOnTransfers => &[WarehouseUser, WarehouseManager],
            Self::EditLocations | Self::EditCarriers | Self::CountStock => &[WarehouseManager],
            Self::EditTaxes => &[Accountant],
            Self::ForceSynchronization | Self::EditAccounts => &[],
        }
    }
}

impl Role {
    /// Whether this role alone allows the action.
    pub fn may(self, action: Action) -> bool {
        self == Self::Administrator || action.roles().contains(&self)
    }
}

/// What one user is allowed: a role, and the right "Force synchronization" given to single users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The role.
    pub role: Role,
    /// Whether the user also holds the right "Force synchronization".
    pub may_force_sync: bool,
}

impl Rights {
    /// Whether the user may do this.
    pub fn may(self, action: Action) -> bool {
        let by_right = self.may_force_sync
            && matches!(action, Action::ForceSynchronization | Action::Synchronize | Action::ReadAmazon);
        self.role.may(action) || by_right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_the_one_that_was_agreed() {
        let allowed = |role: Role| {
            Action::ALL
                .iter()
                .filter(|action| role.may(**action))
                .map(|action| action.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(Action::ALL.iter().filter(|action| Role::Administrator.may(**action)).count(), Action::ALL.len());
        assert_eq!(
            allowed(Role::WarehouseUser),
            "use_comptoir read_orders read_stock work_on_transfers tell_amazon print_slips"
        );
        assert_eq!(allowed(Role::Auditor), "use_comptoir read_orders read_customers read_stock read_amazon read_taxes");
        for role in Role::ALL.iter().filter(|role| **role != Role::Administrator) {
            assert!(!role.may(Action::EditAccounts) && !role.may(Action::ForceSynchronization), "{role:?}");
        }
    }

    #[test]
    fn the_right_to_force_a_synchronization_is_given_to_single_users() {
        let rights = Rights { role: Role::SalesUser, may_force_sync: true };
        assert!(rights.may(Action::ForceSynchronization) && rights.may(Action::Synchronize));
        assert!(!rights.may(Action::EditAccounts));
    }
}
