//! Why the synchronization did what it did, as sentences with the values that it saw.

use super::badges;
use crate::domain::marketplace::Directory;
use crate::domain::money::{Currency, Money};
use crate::domain::remote::AmazonStatus;
use crate::domain::sync::Reason;
use crate::i18n::{Arg, Lang, format};

/// The sentences of a stored list of reasons; a list that cannot be read has none.
pub fn sentences(lang: Lang, directory: &Directory, stored: &str) -> Vec<String> {
    let reasons: Vec<Reason> = serde_json::from_str(stored).unwrap_or_default();
    reasons.iter().map(|reason| sentence(lang, directory, reason)).collect()
}

/// One sentence; a reason without a message is shown by its code.
pub fn sentence(lang: Lang, directory: &Directory, reason: &Reason) -> String {
    let key = format!("reason-{}", reason.code);
    if !lang.has(&key) {
        return reason.code.clone();
    }
    let values: Vec<(&str, Arg)> =
        reason.values.iter().map(|(name, value)| (name.as_str(), shown(lang, directory, name, value))).collect();
    lang.with(&key, &values).into_owned()
}

/// A value in the reader's words: statuses, marketplaces, counts and amounts.
fn shown(lang: Lang, directory: &Directory, name: &str, value: &str) -> Arg {
    let text = |text: String| Arg::Text(text);
    match name {
        "status" => text(badges::amazon(lang, &AmazonStatus::parse(value)).text.into_owned()),
        "marketplace" => text(directory.name(value).to_owned()),
        "units" | "quantity" => value.parse().map_or_else(|_other| text(value.to_owned()), Arg::Number),
        "amazon" | "lines" => text(amount(lang, value).unwrap_or_else(|| value.to_owned())),
        _ => text(value.to_owned()),
    }
}

fn amount(lang: Lang, value: &str) -> Option<String> {
    let (number, currency) = value.split_once(' ')?;
    let money = Money::parse(number, Currency::parse(currency).ok()?).ok()?;
    Some(format::money(lang, money))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_sentence_with_its_values_in_the_readers_words() {
        let stored = r#"[{"code":"fba-not-shipped","values":[["status","UNSHIPPED"]]},
            {"code":"total-differs","values":[["amazon","1234.50 EUR"],["lines","1234.00 EUR"]]},{"code":"new-code"}]"#;
        let known = Directory::default();
        let english = sentences(Lang::En, &known, stored);
        assert!(english[0].contains("Unshipped"), "{english:?}");
        assert!(english[1].contains("€1,234.50"), "{english:?}");
        assert_eq!(english[2], "new-code");
        assert!(sentences(Lang::Fr, &known, stored)[1].contains("1\u{202f}234,50\u{a0}€"));
        assert!(sentences(Lang::En, &known, "nonsense").is_empty());
    }
}
