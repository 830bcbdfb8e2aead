//! The places where Amazon sells, with the currency and the sales tax of each.
//!
//! The table is the simulator's own copy: it must never be replaced by Comptoir's list of marketplaces, or a wrong
//! identifier would be wrong on both sides and no test would see it.

/// One marketplace as the simulator knows it.
///
/// Source: Selling Partner API documentation, Marketplace IDs.
#[derive(Debug, PartialEq, Eq)]
pub struct Market {
    /// The identifier Amazon gives the marketplace.
    pub id: &'static str,
    /// The country, ISO 3166 alpha-2.
    pub country: &'static str,
    /// The name that order answers carry, such as `Amazon.fr`.
    pub name: &'static str,
    /// The currency of its prices, ISO 4217.
    pub currency: &'static str,
    /// How many decimals the currency has.
    pub(crate) decimals: u32,
    /// What one euro cent of a catalogue price becomes here, in thousandths of a minor unit.
    pub(crate) price_per_mille: i64,
    /// Sales tax, in hundredths of a percent.
    pub(crate) tax_rate: i64,
    /// Whether shop prices contain the tax. In the United States and Canada it is added at the till.
    pub(crate) tax_inside: bool,
    /// Whether Amazon withholds and remits the tax itself on every sale here.
    pub(crate) facilitated: bool,
}

/// Shortens the table below.
#[expect(clippy::too_many_arguments, reason = "one row of a table, used nowhere else")]
const fn row(
    id: &'static str,
    country: &'static str,
    name: &'static str,
    currency: &'static str,
    decimals: u32,
    price_per_mille: i64,
    tax_rate: i64,
    tax_inside: bool,
) -> Market {
    Market { id, country, name, currency, decimals, price_per_mille, tax_rate, tax_inside, facilitated: !tax_inside }
}

/// The 23 marketplaces of the Selling Partner API. Tax rates are plausible, not legal advice.
pub const MARKETS: &[Market] = &[
    FRANCE,
    row("A1PA6795UKMFR9", "DE", "Amazon.de", "EUR", 2, 1_000, 1_900, true),
    row("APJ6JRA9NG5V4", "IT", "Amazon.it", "EUR", 2, 1_000, 2_200, true),
    row("A1F83G8C2ARO7P", "GB", "Amazon.co.uk", "GBP", 2, 870, 2_000, true),
    row("A2NODRKZP88ZB9", "SE", "Amazon.se", "SEK", 2, 11_200, 2_500, true),
    row("ATVPDKIKX0DER", "US", "Amazon.com", "USD", 2, 1_080, 825, false),
    row("A1VC38T7YXB528", "JP", "Amazon.co.jp", "JPY", 0, 1_600, 1_000, true),
    row("A2Q3Y263D00KWC", "BR", "Amazon.com.br", "BRL", 2, 5_900, 1_700, true),
    row("A1RKKUPIHCS9HS", "ES", "Amazon.es", "EUR", 2, 1_000, 2_100, true),
    row("AMEN7PMS3EDWL", "BE", "Amazon.com.be", "EUR", 2, 1_000, 2_100, true),
    row("A1805IZSGTT6HS", "NL", "Amazon.nl", "EUR", 2, 1_000, 2_100, true),
    row("A28R8C7NBKEWEA", "IE", "Amazon.ie", "EUR", 2, 1_000, 2_300, true),
    row("A1C3SOZRARQ6R3", "PL", "Amazon.pl", "PLN", 2, 4_300, 2_300, true),
    row("A33AVAJ2PDY3EV", "TR", "Amazon.com.tr", "TRY", 2, 36_000, 2_000, true),
    row("A2VIGQ35RCS4UG", "AE", "Amazon.ae", "AED", 2, 4_000, 500, true),
    row("A17E79C6D8DWNP", "SA", "Amazon.sa", "SAR", 2, 4_000, 1_500, true),
    row("ARBP9OOSHTCHU", "EG", "Amazon.eg", "EGP", 2, 53_000, 1_400, true),
    row("AE08WJ6YKNBMC", "ZA", "Amazon.co.za", "ZAR", 2, 20_000, 1_500, true),
    row("A21TJRUUN4KGV", "IN", "Amazon.in", "INR", 2, 91_000, 1_800, true),
    row("A2EUQ1WTGCTBG2", "CA", "Amazon.ca", "CAD", 2, 1_470, 1_300, false),
    row("A1AM78C64UM0Y8", "MX", "Amazon.com.mx", "MXN", 2, 20_000, 1_600, true),
    row("A19VAU5U5O7RUS", "SG", "Amazon.sg", "SGD", 2, 1_450, 900, true),
    row("A39IBJ37TRP1C6", "AU", "Amazon.com.au", "AUD", 2, 1_650, 1_000, true),
];

/// France, where the demonstration seller is at home.
const FRANCE: Market = row("A13V1IB3VIYZZH", "FR", "Amazon.fr", "EUR", 2, 1_000, 2_000, true);

/// The marketplace that stands in when none is named.
pub(crate) const HOME: &Market = &FRANCE;

/// The marketplace with this identifier or this country code.
pub(crate) fn find(id_or_country: &str) -> Option<&'static Market> {
    MARKETS.iter().find(|market| market.id == id_or_country || market.country == id_or_country)
}

/// A French shop price in euro cents, turned into a round price of this marketplace in minor units.
pub(crate) fn local_price(market: &Market, euro_cents: i64) -> i64 {
    if market.price_per_mille == 1_000 {
        return euro_cents;
    }
    let raw = euro_cents.saturating_mul(market.price_per_mille) / 1_000;
    if market.decimals == 0 { (raw / 10).max(1) * 10 } else { (raw / 100).max(1) * 100 - 1 }
}
