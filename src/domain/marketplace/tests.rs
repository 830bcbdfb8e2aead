//! The product's own marketplaces and added ones: their forms, and how they are found.

use super::*;

#[test]
fn every_marketplace_of_the_product_passes_the_rules_for_added_ones() {
    for marketplace in MARKETPLACES {
        assert!(looks_like_id(marketplace.id), "{}", marketplace.id);
        assert!(looks_like_seller_central(marketplace.seller_central_url), "{}", marketplace.seller_central_url);
    }
    for wrong in ["", "A13V1IB3V", "a13v1ib3viyzzh", "A13V1IB3VIYZZH<", "A13V1IB3VIYZZHA13V1IB"] {
        assert!(!looks_like_id(wrong), "{wrong}");
    }
    for wrong in [
        "http://sellercentral.amazon.fr",
        "https://sellercentral.amazon.fr.evil.example",
        "https://sellercentral.evil.amazon.fr",
        "https://evil.example/sellercentral.amazon.fr",
        "https://sellercentral.amazon.fr/path",
        "https://sellercentral.amazon.fr:8443",
        "https://user@sellercentral.amazon.fr",
        "https://sellercentralevil.amazon.fr",
        "https://sellercentral.amazon.",
    ] {
        assert!(!looks_like_seller_central(wrong), "{wrong}");
    }
}

#[test]
fn an_added_marketplace_is_found_beside_those_of_the_product() {
    let added = Added {
        id: "A0NEW0MARKET00".into(),
        name: "Amazon.ch".to_owned(),
        country: "CH".to_owned(),
        currency: Currency::EUR,
        region: Region::Eu,
        seller_central_url: "https://sellercentral.amazon.ch".to_owned(),
    };
    let directory = Directory::new(vec![added]);
    assert_eq!(directory.name("A0NEW0MARKET00"), "Amazon.ch");
    assert_eq!(directory.name("A13V1IB3VIYZZH"), "Amazon.fr");
    assert_eq!(directory.name("ANOBODYKNOWS00"), "ANOBODYKNOWS00");
    assert_eq!(directory.by_code("ch").map(|entry| entry.id), Some("A0NEW0MARKET00"));
    assert_eq!(directory.by_code("uk").map(|entry| entry.name), Some("Amazon.co.uk"));
    assert_eq!((directory.short("A0NEW0MARKET00"), directory.short("A13V1IB3VIYZZH")), ("CH", "FR"));
    assert_eq!(directory.all().filter(|entry| entry.is_added).count(), 1);
    assert_eq!(directory.all().count(), MARKETPLACES.len() + 1);
}

#[test]
fn a_second_marketplace_of_a_country_is_written_by_its_identifier() {
    let added = Added {
        id: "A0NEW0MARKET00".into(),
        name: "Amazon.fr Pro".to_owned(),
        country: "FR".to_owned(),
        currency: Currency::EUR,
        region: Region::Eu,
        seller_central_url: "https://sellercentral.amazon.fr".to_owned(),
    };
    let directory = Directory::new(vec![added]);
    assert_eq!(directory.by_code("FR").map(|entry| entry.id), Some("A13V1IB3VIYZZH"));
    assert_eq!(directory.short("A0NEW0MARKET00"), "A0NEW0MARKET00");
    assert_eq!(directory.short("ANOBODYKNOWS00"), "ANOBODYKNOWS00");
}

#[test]
fn identifiers_and_codes_are_unique_and_found() {
    for marketplace in MARKETPLACES {
        let directory = Directory::default();
        assert_eq!(directory.find(marketplace.id).map(|found| found.country), Some(marketplace.code));
        assert_eq!(directory.by_code(marketplace.code).map(|found| found.id), Some(marketplace.id));
    }
    assert_eq!(Directory::default().find("unknown"), None);
}
