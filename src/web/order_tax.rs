//! The section *Tax* of an order: which row of the table fits, what follows from it and why, in words.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, Form};
use super::flash::Flash;
use super::page::{self, Chrome};
use crate::app::App;
use crate::db::order_taxes::OrderTax;
use crate::db::orders::OrderRow;
use crate::domain::ids::OrderId;
use crate::domain::money::Money;
use crate::domain::tax::amount::Agreement;
use crate::domain::tax::decision::{Category, IncomeRole, Row, Treatment};
use crate::domain::tax::place::Country;
use crate::domain::tax::rates::{BasisPoints, TaxClass};
use crate::domain::tax::reasons::TaxReason;
use crate::error::AppError;
use crate::i18n::{Lang, format};
use crate::ops::decide_taxes;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

/// Registers the actions.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/orders/{id}/decide-tax", web::post().to(decide_again));
}

/// What the section shows.
pub struct Section {
    /// What stands on the invoice.
    pub treatment: Badge,
    /// The row and what it says; none when a person decides.
    pub row: Option<(&'static str, String)>,
    /// Terms and their values.
    pub facts: Vec<(&'static str, String)>,
    /// Why, in sentences.
    pub reasons: Vec<String>,
    /// Amazon's tax and ours, when they differ.
    pub mismatch: Option<(String, String)>,
    /// Whether the reader may decide again.
    pub may_decide: bool,
}

/// The section of an order; `numbers` are the buyer's VAT number and purchase order number, if the reader may see them.
pub fn section(chrome: &Chrome, order: &OrderRow, tax: &OrderTax, numbers: [Option<String>; 2], may: bool) -> Section {
    let lang = chrome.lang;
    let money = |minor| chrome.money(Money::from_minor(minor, order.head.currency));
    let code = |prefix: &str, code: &str| lang.t(&badges::key(prefix, code)).into_owned();
    let [vat_number, purchase_order] = numbers;
    let is_compared = tax.agreement != Agreement::NotCompared;
    let facts = [
        ("tax-income", tax.income_role.map(IncomeRole::as_str).map(|role| code("tax-income", role))),
        ("tax-category", tax.category.map(Category::as_str).map(|category| code("tax-category", category))),
        ("tax-rates", tax.rate_country.map(|country| rates(lang, country, &tax.rates))),
        ("tax-ours", tax.ours_minor.filter(|_| tax.treatment != Treatment::ToDecide).map(money)),
        ("tax-amazons", is_compared.then(|| money(order.tax_minor))),
        ("tax-noted", (!is_compared && order.tax_minor != 0).then(|| money(order.tax_minor))),
        ("customers-vat-number", vat_number),
        ("customers-purchase-order", purchase_order),
    ];
    let differs = tax.ours_minor.filter(|_| tax.agreement == Agreement::Differs);
    Section {
        treatment: treatment(lang, tax.treatment),
        row: tax.fiscal_row.map(Row::as_str).map(|row| (row, code("tax-row", row))),
        facts: facts.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
        reasons: reasons(lang, &tax.reasons),
        mismatch: differs.map(|ours| (money(order.tax_minor), money(ours))),
        may_decide: may,
    }
}

/// What stands on the invoice, as a badge.
pub fn treatment(lang: Lang, treatment: Treatment) -> Badge {
    let kind = if treatment == Treatment::ToDecide { "w" } else { "n" };
    badges::flag(lang, kind, &badges::key("tax-treatment", treatment.as_str()))
}

/// What is worth knowing of an order's tax at a glance.
pub fn flags(lang: Lang, tax: Option<&(Treatment, Agreement)>) -> Vec<Badge> {
    let Some((treatment, agreement)) = tax else { return Vec::new() };
    let all = [
        (*treatment == Treatment::ToDecide, "tax-flag-to-decide"),
        (*agreement == Agreement::Differs, "tax-flag-mismatch"),
    ];
    all.into_iter().filter(|flag| flag.0).map(|(_, key)| badges::flag(lang, "w", key)).collect()
}

/// The name of a country; one without a name here is shown by its letters.
pub fn country(lang: Lang, country: Country) -> String {
    if country == Country::XI {
        return lang.t("tax-place-northern-ireland").into_owned();
    }
    let key = format!("country-{country}");
    if lang.has(&key) { lang.t(&key).into_owned() } else { country.to_string() }
}

/// A rate with its sign: `5.5%` or `5,5 %`.
pub fn percent(lang: Lang, rate: BasisPoints) -> String {
    format::percent(lang, &rate.to_percent())
}

fn rates(lang: Lang, of: Country, stored: &str) -> String {
    let rates: Vec<(TaxClass, BasisPoints)> = serde_json::from_str(stored).unwrap_or_default();
    let one = |(class, rate): &(TaxClass, BasisPoints)| {
        format!("{} ({})", percent(lang, *rate), lang.t(&badges::key("tax-class", class.as_str())))
    };
    let all: Vec<String> = rates.iter().map(one).collect();
    format!("{} · {}", country(lang, of), all.join(", "))
}

fn reasons(lang: Lang, stored: &str) -> Vec<String> {
    let reasons: Vec<TaxReason> = serde_json::from_str(stored).unwrap_or_default();
    reasons.iter().map(|reason| sentence(lang, reason)).collect()
}

fn sentence(lang: Lang, reason: &TaxReason) -> String {
    let about = reason.about.as_deref().unwrap_or_default();
    let place = badges::key("tax-place", about);
    let place = if lang.has(&place) {
        lang.t(&place).into_owned()
    } else {
        Country::parse(about).map_or_else(|| about.to_owned(), |found| country(lang, found))
    };
    lang.with(&badges::key("tax-why", reason.why.as_str()), &[("place", place)]).into_owned()
}

/// Nothing: the address says which order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn decide_again(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    decide_taxes::again(&app, &user.actor(), OrderId(*path)).await?;
    user.flash(&app, Flash::success(user.lang.t("tax-decided-again"))).await?;
    Ok(page::see_other(format!("/sales/orders/{path}#tax")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tax::place::Territory;
    use crate::domain::tax::reasons::Why;

    #[test]
    fn everything_that_is_decided_has_words_in_both_languages() {
        let keys = |prefix: &'static str, codes: Vec<&'static str>| {
            codes.into_iter().map(move |code| badges::key(prefix, code)).collect::<Vec<_>>()
        };
        let all = [
            keys("tax-row", Row::ALL.iter().map(|row| row.as_str()).collect()),
            keys("tax-treatment", Treatment::ALL.iter().map(|treatment| treatment.as_str()).collect()),
            keys("tax-income", IncomeRole::ALL.iter().map(|role| role.as_str()).collect()),
            keys("tax-category", Category::ALL.iter().map(|category| category.as_str()).collect()),
            keys("tax-class", TaxClass::ALL.iter().map(|class| class.as_str()).collect()),
            keys("tax-why", Why::ALL.iter().map(|why| why.as_str()).collect()),
            keys("tax-place", Territory::ALL.iter().map(|territory| territory.as_str()).collect()),
        ];
        for key in all.concat() {
            assert!(Lang::En.has(&key) && Lang::Fr.has(&key), "{key}");
        }
    }

    #[test]
    fn a_reason_names_its_place_in_the_readers_words() {
        let stored = r#"[{"why":"leaves-eu","about":"CH"},{"why":"territory-outside","about":"french_overseas"},
            {"why":"between-members","about":"XI"}]"#;
        let english = reasons(Lang::En, stored);
        assert!(english[0].contains("Switzerland") && english[1].contains("French overseas"), "{english:?}");
        assert!(reasons(Lang::Fr, stored)[2].contains("Irlande du Nord"));
        assert_eq!(
            rates(Lang::Fr, Country::FR, r#"[["second_reduced",550]]"#).replace(['\u{a0}', '\u{202f}'], " "),
            "France · 5,5 % (deuxième taux réduit)"
        );
    }
}
