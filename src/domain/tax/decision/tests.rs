//! The table of fiscal positions, row by row, with what follows from each; and what must hold for any sale.

use super::*;
use crate::domain::tax::profile::Registration;
use crate::domain::tax::rates::Rate;
use crate::domain::tax::sale::BuyerVat;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn country(code: &str) -> Country {
    Country::parse(code).unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

fn rates() -> RateTable {
    let standard = [("FR", 2_000), ("DE", 1_900), ("IT", 2_200), ("ES", 2_100), ("FI", 2_550), ("GB", 2_000)];
    let rate = |code: &str, class, points| Rate {
        country: country(code),
        class,
        points: BasisPoints(points),
        valid_from: NaiveDate::from_ymd_opt(2021, 7, 1).unwrap(),
        valid_to: None,
    };
    let mut all: Vec<Rate> =
        standard.into_iter().map(|(code, points)| rate(code, TaxClass::Standard, points)).collect();
    all.push(rate("FR", TaxClass::SecondReduced, 550));
    RateTable::new(all)
}

/// A French company with its VAT number, in the One-Stop Shop.
fn french() -> TaxProfile {
    let registrations = vec![Registration { country: Country::FR, vat_number: "FR40303265045".to_owned() }];
    TaxProfile { uses_oss: true, registrations, ..TaxProfile::of_country(Country::FR) }
}

/// A consumer's order that the merchant ships, from Amazon.fr to this address.
fn to(code: &str, postal_code: &str) -> Sale {
    Sale {
        channel: Channel::Fbm,
        marketplace: Some(Country::FR),
        ship_from: None,
        ship_to: Some(Place::of(country(code), Some(postal_code))),
        buyer_vat: None,
        collected: Collected::None,
        is_ioss: false,
        is_uoss: false,
        consignment: Consignment::Small,
        classes: BTreeSet::from([TaxClass::Standard]),
    }
}

fn business(code: &str, vat: &str) -> Sale {
    let buyer_vat = Some(BuyerVat { country: Country::parse(vat), is_well_formed: true });
    Sale { buyer_vat, ..to(code, "") }
}

fn from(code: &str, sale: Sale) -> Sale {
    Sale { ship_from: Some(country(code).into()), ..sale }
}

fn fba(marketplace: &str, sale: Sale) -> Sale {
    Sale { channel: Channel::Fba, marketplace: Some(country(marketplace)), ..sale }
}

/// A decision in one line: row, treatment, income, category, rate; and its last reason.
fn told(profile: &TaxProfile, sale: &Sale) -> (String, String) {
    let decision = decide(profile, &rates(), sale, day());
    let rate = decision.rate_country.map(|country| {
        let points: Vec<String> = decision.rates.iter().map(|(_, rate)| rate.to_percent()).collect();
        format!("{country} {}", points.join("+"))
    });
    let text = [
        decision.row.map_or("-", Row::as_str),
        decision.treatment.as_str(),
        decision.income.map_or("-", IncomeRole::as_str),
        decision.category.map_or("-", Category::as_str),
        rate.as_deref().unwrap_or("-"),
    ];
    (text.join(" "), decision.reasons.last().map_or("", |reason| reason.why.as_str()).to_owned())
}

fn check(profile: &TaxProfile, cases: &[(&str, Sale, &str, &str)]) {
    for (what, sale, expected, reason) in cases {
        assert_eq!(told(profile, sale), ((*expected).to_owned(), (*reason).to_owned()), "{what}");
    }
}

const TO_DECIDE: &str = "- to_decide - - -";

#[test]
fn row_0_a_small_business_charges_nothing_wherever_it_sells() {
    let profile = TaxProfile { is_small_business: true, ..french() };
    let none = "FP0 none domestic E -";
    check(
        &profile,
        &[
            ("at home", to("FR", "75011"), none, "small-business"),
            ("to Germany", to("DE", "10115"), none, "small-business"),
            ("to nowhere", Sale { ship_to: None, ..to("FR", "") }, none, "small-business"),
        ],
    );
}

#[test]
fn row_1_sales_tax_that_amazon_collects_is_only_noted() {
    let collected = |sale| Sale { collected: Collected::All, ..sale };
    let noted = "FP1 none export - -";
    check(
        &french(),
        &[
            ("to Oregon", collected(to("US", "97205")), noted, "sales-tax-collected"),
            (
                "address not told",
                collected(fba("US", Sale { ship_to: None, ..to("US", "") })),
                noted,
                "sales-tax-collected",
            ),
            ("nothing collected: an export", to("US", "97205"), "FP7 exempt export G -", "leaves-eu"),
            (
                "collected in part",
                Sale { collected: Collected::InPart, ..to("US", "97205") },
                TO_DECIDE,
                "collected-in-part",
            ),
        ],
    );
}

#[test]
fn row_2_amazon_is_the_seller_in_the_eyes_of_the_law() {
    let deemed = "FP2 deemed deemed - -";
    check(
        &french(),
        &[
            ("import declared by Amazon", Sale { is_ioss: true, ..to("FR", "75011") }, deemed, "deemed-ioss"),
            ("small parcel from China", from("CN", to("DE", "10115")), deemed, "deemed-small-import"),
            (
                "collected in the United Kingdom",
                Sale { collected: Collected::All, ..to("GB", "E1") },
                deemed,
                "deemed-collected",
            ),
            (
                "collected in the EU",
                Sale { collected: Collected::All, ..to("IT", "20121") },
                deemed,
                "deemed-collected",
            ),
            ("small parcel to London", to("GB", "E1 6AN"), deemed, "deemed-small-import"),
            ("French goods in a British warehouse", fba("GB", to("GB", "E1 6AN")), deemed, "deemed-seller-abroad"),
            (
                "collected on the way to Réunion",
                Sale { collected: Collected::All, ..to("FR", "97400") },
                deemed,
                "deemed-collected",
            ),
            (
                "large parcel from China",
                Sale { consignment: Consignment::Other, ..from("CN", to("DE", "10115")) },
                TO_DECIDE,
                "origin-outside-eu",
            ),
            (
                "large parcel to London",
                Sale { consignment: Consignment::Other, ..to("GB", "E1 6AN") },
                "FP7 exempt export G -",
                "leaves-eu",
            ),
            (
                "Union One-Stop Shop of an EU seller is the seller's",
                Sale { is_uoss: true, ..to("IT", "20121") },
                "FP5 rate oss S IT 22",
                "oss-used",
            ),
        ],
    );
    let american = TaxProfile { uses_oss: true, ..TaxProfile::of_country(country("US")) };
    check(
        &american,
        &[
            ("goods of an American in Germany", from("DE", to("DE", "10115")), deemed, "deemed-seller-abroad"),
            ("from Germany to France", from("DE", to("FR", "75011")), deemed, "deemed-seller-abroad"),
            ("as Amazon says", Sale { is_uoss: true, ..from("DE", to("FR", "75011")) }, deemed, "deemed-collected"),
            ("to a business", from("DE", business("DE", "DE")), TO_DECIDE, "not-registered"),
        ],
    );
    let british = TaxProfile::of_country(Country::GB);
    check(
        &british,
        &[
            ("at home", to("GB", "E1 6AN"), "FP3 rate domestic S GB 20", "registered"),
            ("to Belfast", to("GB", "BT1 5GS"), "FP3 rate domestic S GB 20", "registered"),
            ("small parcel to France", to("FR", "75011"), deemed, "deemed-small-import"),
        ],
    );
}

#[test]
fn row_3_within_one_country_where_the_company_is_registered() {
    let registrations = vec![Registration { country: country("DE"), vat_number: "DE123456789".to_owned() }];
    check(
        &TaxProfile { registrations, ..french() },
        &[
            ("in France", to("FR", "75011"), "FP3 rate domestic S FR 20", "registered"),
            ("to a business in France", business("FR", "FR"), "FP3 rate domestic S FR 20", "registered"),
            ("in Germany", fba("DE", to("DE", "10115")), "FP3 rate domestic S DE 19", "registered"),
            ("in Italy, without registration", from("IT", to("IT", "20121")), TO_DECIDE, "not-registered"),
            ("Monaco counts as France", to("MC", "98000"), "FP3 rate domestic S FR 20", "registered"),
            ("Corsica, standard goods", to("FR", "20000"), "FP3 rate domestic S FR 20", "registered"),
            (
                "two classes of goods",
                Sale { classes: BTreeSet::from([TaxClass::Standard, TaxClass::SecondReduced]), ..to("FR", "75011") },
                "FP3 rate domestic S FR 20+5.5",
                "registered",
            ),
            (
                "a class without rate",
                Sale { classes: BTreeSet::from([TaxClass::SuperReduced]), ..to("FR", "75011") },
                TO_DECIDE,
                "rate-missing",
            ),
        ],
    );
}

#[test]
fn row_4_to_a_business_in_another_member_state() {
    let exempt = "FP4 exempt intracom K -";
    let malformed = Some(BuyerVat { country: Country::parse("DE"), is_well_formed: false });
    check(
        &french(),
        &[
            ("to Germany", business("DE", "DE"), exempt, "buyer-validated"),
            ("a Dutch number, delivered to Germany", business("DE", "NL"), exempt, "buyer-validated"),
            (
                "to Belfast",
                Sale { ship_to: Some(Place::of(Country::GB, Some("BT1 5GS"))), ..business("GB", "XI") },
                exempt,
                "buyer-validated",
            ),
            ("a French number, delivered to Germany", business("DE", "FR"), TO_DECIDE, "buyer-of-origin"),
            ("a number of no form", Sale { buyer_vat: malformed, ..to("DE", "10115") }, TO_DECIDE, "buyer-malformed"),
        ],
    );
    let wary = TaxProfile { trusts_amazon: false, ..french() };
    check(&wary, &[("nobody validated the number", business("DE", "DE"), TO_DECIDE, "buyer-not-validated")]);
    let nameless = TaxProfile { registrations: Vec::new(), ..french() };
    check(&nameless, &[("our own number is missing", business("DE", "DE"), TO_DECIDE, "own-number-missing")]);
}

#[test]
fn row_5_to_a_consumer_in_another_member_state_through_the_one_stop_shop() {
    check(
        &french(),
        &[
            ("to Italy", to("IT", "20121"), "FP5 rate oss S IT 22", "oss-used"),
            ("to Germany, from Amazon's warehouse", fba("DE", to("DE", "10115")), "FP5 rate oss S DE 19", "oss-used"),
            ("Northern Ireland counts as a member state", to("GB", "BT1 5GS"), "FP5 rate oss S XI 20", "oss-used"),
            ("no rate is held for Sweden", to("SE", "411 10"), TO_DECIDE, "rate-missing"),
        ],
    );
}

#[test]
fn row_6_to_a_consumer_in_another_member_state_below_the_threshold() {
    let small = TaxProfile { uses_oss: false, is_below_threshold: true, ..french() };
    check(
        &small,
        &[
            ("to Italy", to("IT", "20121"), "FP6 rate domestic S FR 20", "below-threshold"),
            ("from a warehouse in Germany", from("DE", to("IT", "20121")), TO_DECIDE, "threshold-elsewhere"),
        ],
    );
    let large = TaxProfile { uses_oss: false, ..french() };
    check(&large, &[("above it, without One-Stop Shop", to("IT", "20121"), TO_DECIDE, "above-threshold")]);
}

#[test]
fn row_7_out_of_the_eu() {
    let export = "FP7 exempt export G -";
    check(
        &french(),
        &[
            ("to Switzerland", to("CH", "1200"), export, "leaves-eu"),
            ("to Japan", to("JP", "100-0005"), export, "leaves-eu"),
            ("to a British business", business("GB", "GB"), export, "leaves-eu"),
            ("within Japan", fba("JP", to("JP", "100-0005")), TO_DECIDE, "not-registered"),
            ("from the United States to Canada", from("US", to("CA", "H2X")), TO_DECIDE, "origin-outside-eu"),
        ],
    );
}

#[test]
fn row_8_territories_come_before_the_rows_of_countries() {
    let export = "FP8 exempt export G -";
    for (code, postal_code) in [
        ("FR", "97400"),
        ("FR", "97110"),
        ("FR", "98800"),
        ("ES", "35001"),
        ("ES", "38001"),
        ("ES", "51001"),
        ("ES", "52001"),
        ("IT", "23041"),
        ("DE", "78266"),
        ("FI", "22100"),
        ("GR", "63086"),
    ] {
        check(&french(), &[(postal_code, to(code, postal_code), export, "territory-outside")]);
        check(&french(), &[(postal_code, from("DE", to(code, postal_code)), export, "territory-outside")]);
    }
    let books = Sale { classes: BTreeSet::from([TaxClass::SecondReduced]), ..to("FR", "20000") };
    let from_reunion = Sale { ship_from: Some(Place::of(Country::FR, Some("97400"))), ..to("FR", "75011") };
    let large = Sale { consignment: Consignment::Other, ..from("US", to("ES", "35001")) };
    check(
        &french(),
        &[
            ("Corsica, reduced goods", books, TO_DECIDE, "territory-rates"),
            ("Madeira", to("PT", "9000-001"), TO_DECIDE, "territory-rates"),
            ("from Réunion", Sale { consignment: Consignment::Other, ..from_reunion }, TO_DECIDE, "origin-territory"),
            ("from America to the Canaries", large, TO_DECIDE, "origin-outside-eu"),
        ],
    );
}

#[test]
fn without_a_destination_nobody_decides() {
    check(&french(), &[("no address", Sale { ship_to: None, ..to("FR", "") }, TO_DECIDE, "no-destination")]);
}

fn any_country() -> impl Strategy<Value = Country> {
    prop_oneof![
        proptest::sample::select(vec!["FR", "DE", "GB", "XI", "US", "CH", "MC", "RE", "AX", "GR", "SE"])
            .prop_map(country),
        "[A-Z]{2}".prop_map(|code| country(&code)),
    ]
}

fn any_place() -> impl Strategy<Value = Place> {
    (any_country(), proptest::option::of("\\PC{0,8}|[0-9]{5}|BT1 5GS|97400"))
        .prop_map(|(country, code)| Place::of(country, code.as_deref()))
}

fn any_sale() -> impl Strategy<Value = Sale> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let collected = proptest::sample::select(vec![Collected::None, Collected::InPart, Collected::All]);
    let vat = proptest::option::of((proptest::option::of(any_country()), any::<bool>()));
    let places =
        (proptest::option::of(any_country()), proptest::option::of(any_place()), proptest::option::of(any_place()));
    let classes = proptest::collection::btree_set(proptest::sample::select(TaxClass::ALL.to_vec()), 0..4);
    (flags, collected, vat, places, classes).prop_map(|(flags, collected, vat, places, classes)| Sale {
        channel: if flags.0 { Channel::Fba } else { Channel::Fbm },
        marketplace: places.0,
        ship_from: places.1,
        ship_to: places.2,
        buyer_vat: vat.map(|(country, is_well_formed)| BuyerVat { country, is_well_formed }),
        collected,
        is_ioss: flags.1,
        is_uoss: flags.2,
        consignment: if flags.3 { Consignment::Small } else { Consignment::Other },
        classes,
    })
}

fn any_profile() -> impl Strategy<Value = TaxProfile> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (any_country(), flags, proptest::collection::vec(any_country(), 0..4)).prop_map(|(country, flags, registered)| {
        TaxProfile {
            country,
            is_established_in_eu: flags.0,
            is_small_business: flags.1,
            uses_oss: flags.2,
            is_below_threshold: flags.3,
            trusts_amazon: flags.4,
            registrations: registered
                .into_iter()
                .map(|country| Registration { country, vat_number: String::new() })
                .collect(),
        }
    })
}

proptest! {
    /// Total and deterministic; whatever has a row says what follows from it, whatever has none is left to a person.
    #[test]
    fn every_sale_has_one_answer_with_its_reasons(profile in any_profile(), sale in any_sale()) {
        let decision = decide(&profile, &rates(), &sale, day());
        prop_assert_eq!(&decision, &decide(&profile, &rates(), &sale, day()));
        prop_assert!(!decision.reasons.is_empty());
        prop_assert_eq!(decision.row.is_none(), decision.treatment == Treatment::ToDecide);
        prop_assert_eq!(decision.row.is_none(), decision.income.is_none());
        prop_assert_eq!(decision.rate_country.is_some(), decision.treatment == Treatment::Rate);
        prop_assert_eq!(decision.rates.len(), if decision.rate_country.is_some() { sale.classes.len() } else { 0 });
        prop_assert!(!profile.is_small_business || decision.row == Some(Row::Fp0));
        prop_assert!(decision.row != Some(Row::Fp4) || (sale.buyer_vat.is_some() && profile.trusts_amazon));
        prop_assert!(!matches!(decision.row, Some(Row::Fp5 | Row::Fp6)) || sale.buyer_vat.is_none());
    }

    /// The facts are kept as JSON: judging them again later gives the same answer.
    #[test]
    fn facts_survive_being_stored(sale in any_sale()) {
        let stored = serde_json::to_string(&sale).unwrap();
        prop_assert_eq!(serde_json::from_str::<Sale>(&stored).unwrap(), sale);
    }
}

#[test]
fn stored_reasons_have_the_codes_that_messages_have() {
    for why in Why::ALL {
        let stored = serde_json::to_string(&TaxReason { why: *why, about: None }).unwrap();
        assert_eq!(stored, format!(r#"{{"why":"{}"}}"#, why.as_str()));
    }
}
