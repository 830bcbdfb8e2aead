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
        /// Choose the products of offers, create offers and import them.
        MatchOffers = "match_offers",
    }
}

impl Role {
    /// Whether this role alone allows the action.
    pub const fn may(self, action: Action) -> bool {
        use Action as A;
        match self {
            Self::Administrator => true,
            Self::Auditor => {
                matches!(action, A::UseComptoir | A::ReadOrders | A::ReadCustomers | A::ReadStock | A::ReadAmazon)
            }
            Self::SalesManager => !matches!(action, A::ForceSynchronization | A::EditAccounts),
            Self::SalesUser => {
                matches!(
                    action,
                    A::UseComptoir
                        | A::ReadOrders
                        | A::ReadCustomers
                        | A::ReadStock
                        | A::ReadAmazon
                        | A::SettleIssues
                        | A::MatchOffers
                )
            }
            Self::WarehouseUser => matches!(action, A::UseComptoir | A::ReadOrders | A::ReadStock),
            Self::WarehouseManager => {
                matches!(
                    action,
                    A::UseComptoir
                        | A::ReadOrders
                        | A::ReadStock
                        | A::ReadAmazon
                        | A::Synchronize
                        | A::SettleIssues
                        | A::MatchOffers
                )
            }
            Self::Accountant => {
                matches!(action, A::UseComptoir | A::ReadOrders | A::ReadCustomers | A::ReadStock | A::ReadAmazon)
            }
        }
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
    pub const fn may(self, action: Action) -> bool {
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
        assert_eq!(allowed(Role::WarehouseUser), "use_comptoir read_orders read_stock");
        assert_eq!(allowed(Role::Auditor), "use_comptoir read_orders read_customers read_stock read_amazon");
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
