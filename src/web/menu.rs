//! The menu of every page: the entries of each app, of which everybody sees those that they may open.

use crate::domain::access::{Action, Rights};
use crate::i18n::Lang;
use std::borrow::Cow;

/// Where a page stands in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What needs attention.
    Dashboard,
    /// Sales: orders.
    Orders,
    /// Sales: customers.
    Customers,
    /// Sales: products.
    Products,
    /// Inventory: what is to be done.
    Overview,
    /// Inventory: transfers.
    Transfers,
    /// Inventory: moves.
    Moves,
    /// Inventory: locations.
    Locations,
    /// Inventory: carriers.
    Carriers,
    /// Amazon: how all accounts stand.
    AmazonOverview,
    /// Amazon: accounts.
    Accounts,
    /// Amazon: marketplaces.
    Marketplaces,
    /// Amazon: offers.
    Offers,
    /// Amazon: synchronization runs.
    Runs,
    /// Amazon: feeds.
    Feeds,
    /// Amazon: issues.
    Issues,
    /// Settings: sales teams.
    Teams,
    /// Settings: taxes.
    Taxes,
    /// Outside the menu: preferences, sign-in, errors.
    Outside,
    /// Settings, Telling Amazon.
    Announcing,
}

/// The entries of one app: where, message, address, what one must be allowed to do.
type Entries = &'static [(Place, &'static str, &'static str, Action)];

/// The menu: each app's message, the letter of its shortcut and its entries.
const MENU: &[(&str, &str, Entries)] = &[
    (
        "shell-sales",
        "s",
        &[
            (Place::Orders, "shell-orders", "/sales/orders", Action::ReadOrders),
            (Place::Customers, "shell-customers", "/sales/customers", Action::ReadCustomers),
            (Place::Products, "products-title", "/sales/products", Action::ReadOrders),
        ],
    ),
    (
        "shell-inventory",
        "i",
        &[
            (Place::Overview, "inventory-title", "/inventory", Action::ReadStock),
            (Place::Transfers, "shell-transfers", "/inventory/pickings", Action::ReadStock),
            (Place::Moves, "shell-moves", "/inventory/moves", Action::ReadStock),
            (Place::Locations, "shell-locations", "/inventory/locations", Action::ReadStock),
            (Place::Carriers, "shell-carriers", "/inventory/carriers", Action::ReadStock),
        ],
    ),
    (
        "shell-amazon",
        "a",
        &[
            (Place::AmazonOverview, "amazon-overview-title", "/amazon", Action::ReadAmazon),
            (Place::Accounts, "shell-accounts", "/amazon/accounts", Action::ReadAmazon),
            (Place::Marketplaces, "shell-marketplaces", "/amazon/marketplaces", Action::ReadAmazon),
            (Place::Offers, "offers-title", "/amazon/offers", Action::ReadAmazon),
            (Place::Runs, "shell-runs", "/amazon/runs", Action::ReadAmazon),
            (Place::Feeds, "feeds-title", "/amazon/feeds", Action::ReadAmazon),
            (Place::Issues, "shell-issues", "/amazon/issues", Action::ReadAmazon),
        ],
    ),
    (
        "shell-settings",
        "g",
        &[
            (Place::Teams, "shell-teams", "/settings/teams", Action::EditTeams),
            (Place::Taxes, "shell-taxes", "/settings/taxes", Action::ReadTaxes),
            (Place::Announcing, "announcing-title", "/settings/announcing", Action::EditAccounts),
        ],
    ),
];

/// One link of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuLink {
    /// The text.
    pub label: Cow<'static, str>,
    /// The address.
    pub href: &'static str,
    /// The letter that opens it after G; empty for none.
    pub key: &'static str,
    /// Whether the page is this one, or below it.
    pub is_current: bool,
}

/// The menu of one page.
pub(super) struct Menu {
    /// The first row: the apps.
    pub(super) apps: Vec<MenuLink>,
    /// The second row: the entries of the app in which the page stands.
    pub(super) entries: Vec<MenuLink>,
    /// The name of that app, empty outside.
    pub(super) app: Cow<'static, str>,
}

impl Menu {
    /// The menu for somebody with these rights, on the page at `place`.
    pub(super) fn of(lang: Lang, rights: Option<Rights>, place: Place) -> Self {
        let (mut apps, mut entries, mut app) = (Vec::new(), Vec::new(), Cow::Borrowed(""));
        for (label, key, links) in MENU {
            let open: Vec<_> = links.iter().filter(|link| rights.is_some_and(|rights| rights.may(link.3))).collect();
            let Some((_, _, first, _)) = open.first() else { continue };
            let is_current = links.iter().any(|link| link.0 == place);
            apps.push(MenuLink { label: lang.t(label), href: first, key, is_current });
            if is_current {
                app = lang.t(label);
                entries = open
                    .iter()
                    .map(|link| MenuLink { label: lang.t(link.1), href: link.2, key: "", is_current: link.0 == place })
                    .collect();
            }
        }
        Self { apps, entries, app }
    }
}
