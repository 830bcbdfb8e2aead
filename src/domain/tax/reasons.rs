//! Why a sale falls under a row of the table, or under none: typed reasons that pages turn into sentences.

use super::place::Country;
use crate::domain::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// Why a row was taken, or none.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    Why {
        /// The company charges no tax as a small business.
        SmallBusiness = "small-business",
        /// Amazon collects the tax of some items only.
        CollectedInPart = "collected-in-part",
        /// Amazon told no destination.
        NoDestination = "no-destination",
        /// Amazon collects the sales tax of this country.
        SalesTaxCollected = "sales-tax-collected",
        /// Amazon declares the import in the Import One-Stop Shop.
        DeemedIoss = "deemed-ioss",
        /// Amazon collects the tax as deemed supplier.
        DeemedCollected = "deemed-collected",
        /// The seller is not established in the EU and the goods are.
        DeemedSellerAbroad = "deemed-seller-abroad",
        /// The goods are imported in a small consignment.
        DeemedSmallImport = "deemed-small-import",
        /// Amazon told from where the goods left.
        OriginTold = "origin-told",
        /// The merchant's goods are supposed to leave from the company's country.
        OriginOwn = "origin-own",
        /// Amazon's goods are supposed to leave from the marketplace's country.
        OriginMarketplace = "origin-marketplace",
        /// The destination is a territory outside the value added tax of its country.
        TerritoryOutside = "territory-outside",
        /// The destination is a territory that counts as its country.
        TerritoryCounts = "territory-counts",
        /// The destination has rates of its own that are not held here.
        TerritoryRates = "territory-rates",
        /// The goods leave from a territory with a law of its own.
        OriginTerritory = "origin-territory",
        /// The goods stay within the country.
        WithinCountry = "within-country",
        /// The company is registered there.
        Registered = "registered",
        /// The company is not registered there.
        NotRegistered = "not-registered",
        /// The goods go from one member state to another.
        BetweenMembers = "between-members",
        /// The buyer's VAT number counts as validated.
        BuyerValidated = "buyer-validated",
        /// The buyer's VAT number is not validated.
        BuyerNotValidated = "buyer-not-validated",
        /// The buyer's VAT number has not the form of its country.
        BuyerMalformed = "buyer-malformed",
        /// The buyer's VAT number is of the country from which the goods leave.
        BuyerOfOrigin = "buyer-of-origin",
        /// Our own VAT number there is not known.
        OwnNumberMissing = "own-number-missing",
        /// The buyer gave no VAT number and counts as a consumer.
        Consumer = "consumer",
        /// Distance sales are declared in the One-Stop Shop.
        OssUsed = "oss-used",
        /// Distance sales are not declared in the One-Stop Shop.
        OssNotUsed = "oss-not-used",
        /// Distance sales stay below the threshold.
        BelowThreshold = "below-threshold",
        /// Distance sales exceed the threshold.
        AboveThreshold = "above-threshold",
        /// The threshold holds only for goods that leave from the company's country.
        ThresholdElsewhere = "threshold-elsewhere",
        /// The goods leave the EU.
        LeavesEu = "leaves-eu",
        /// The goods leave from a country outside the EU.
        OriginOutsideEu = "origin-outside-eu",
        /// No rate is held for this country, class and day.
        RateMissing = "rate-missing",
    }
}

/// One reason, with the country or the territory that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxReason {
    /// The reason.
    pub why: Why,
    /// The code of the country or the territory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// Collects the reasons on the way through the table.
#[derive(Default)]
pub(super) struct Trail(Vec<TaxReason>);

impl Trail {
    pub(super) fn add(&mut self, why: Why) {
        self.0.push(TaxReason { why, about: None });
    }

    pub(super) fn about(&mut self, why: Why, about: &str) {
        self.0.push(TaxReason { why, about: Some(about.to_owned()) });
    }

    pub(super) fn country(&mut self, why: Why, country: Country) {
        self.about(why, country.as_str());
    }

    /// All reasons, in the order in which they were found.
    pub(super) fn into_reasons(self) -> Vec<TaxReason> {
        self.0
    }
}
