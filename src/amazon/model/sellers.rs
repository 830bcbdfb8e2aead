//! Where a seller may sell, as Amazon writes it (Sellers API v1 model), only the fields that Comptoir uses.

use serde::Deserialize;

/// The answer of `getMarketplaceParticipations`.
#[derive(Deserialize)]
pub(crate) struct ParticipationsResponse {
    pub(crate) payload: Vec<MarketplaceParticipation>,
}

#[derive(Deserialize)]
pub(crate) struct MarketplaceParticipation {
    pub(crate) marketplace: Marketplace,
    pub(crate) participation: Participation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Marketplace {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) default_currency_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Participation {
    pub(crate) is_participating: Option<bool>,
    pub(crate) has_suspended_listings: Option<bool>,
}
