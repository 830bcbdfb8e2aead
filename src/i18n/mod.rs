//! Words in English and French: every sentence that a person reads comes from the catalogues beside this file.
//!
//! It never guesses a language, and a missing message shows its key instead of stopping the page (a test proves that
//! none is missing).

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

pub mod format;

/// The catalogues, one pair of files per area; the whole list is here.
macro_rules! areas {
    ($($area:literal),+ $(,)?) => {
        /// Each area's name, its English and its French messages.
        pub const AREAS: &[(&str, &str, &str)] = &[
            $(($area, include_str!(concat!("en/", $area, ".ftl")), include_str!(concat!("fr/", $area, ".ftl")))),+
        ];
    };
}

areas![
    "shell",
    "announcements",
    "mail",
    "errors",
    "access",
    "countries",
    "login",
    "setup",
    "me",
    "lists",
    "orders",
    "stock",
    "inventory",
    "returns",
    "transfers",
    "pack",
    "labels",
    "customers",
    "products",
    "imports",
    "amazon",
    "accounts",
    "apart",
    "linking",
    "offers",
    "dashboard",
    "reasons",
    "taxes",
    "carriers",
    "print",
];

/// The countries that have a name in the catalogues (ISO 3166-1 alpha-2): where merchants of Amazon are.
pub const COUNTRIES: &[&str] = &[
    "AE", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CN", "CY", "CZ", "DE", "DK", "EE", "EG", "ES", "FI", "FR", "GB",
    "GR", "HK", "HR", "HU", "IE", "IN", "IS", "IT", "JP", "LI", "LT", "LU", "LV", "MA", "MC", "MT", "MX", "NL", "NO",
    "NZ", "PL", "PT", "RO", "SA", "SE", "SG", "SI", "SK", "TN", "TR", "US", "ZA",
];

/// A language that Comptoir speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

/// The catalogue of one language.
type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En));
static FRENCH: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::Fr));

fn bundle(lang: Lang) -> Bundle {
    let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::En => |value, _memoizer| grouped(value, Lang::En),
        Lang::Fr => |value, _memoizer| grouped(value, Lang::Fr),
    }));
    for (area, english, french) in AREAS {
        let text = if lang == Lang::En { english } else { french };
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                tracing::error!(area, ?errors, "a catalogue of messages has a mistake");
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(area, ?errors, "a message is written twice");
        }
    }
    bundle
}

/// Whole numbers inside sentences are grouped as the language does.
fn grouped(value: &FluentValue<'_>, lang: Lang) -> Option<String> {
    match value {
        FluentValue::Number(number) => format!("{:.0}", number.value).parse().ok().map(|n| format::number(lang, n)),
        _ => None,
    }
}

/// A value inside a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A text, shown as it is.
    Text(String),
    /// A whole number, which also chooses singular or plural.
    Number(i64),
}

/// What can stand inside a sentence: texts and whole numbers.
pub trait ToArg {
    /// The value as the catalogue takes it.
    fn to_arg(&self) -> Arg;
}

impl ToArg for Arg {
    fn to_arg(&self) -> Arg {
        self.clone()
    }
}

impl<T: ToArg + ?Sized> ToArg for &T {
    fn to_arg(&self) -> Arg {
        (**self).to_arg()
    }
}

impl ToArg for str {
    fn to_arg(&self) -> Arg {
        Arg::Text(self.to_owned())
    }
}

impl ToArg for String {
    fn to_arg(&self) -> Arg {
        Arg::Text(self.clone())
    }
}

impl ToArg for Cow<'_, str> {
    fn to_arg(&self) -> Arg {
        Arg::Text(self.clone().into_owned())
    }
}

impl ToArg for i64 {
    fn to_arg(&self) -> Arg {
        Arg::Number(*self)
    }
}

impl ToArg for i32 {
    fn to_arg(&self) -> Arg {
        Arg::Number(i64::from(*self))
    }
}

impl ToArg for u32 {
    fn to_arg(&self) -> Arg {
        Arg::Number(i64::from(*self))
    }
}

impl ToArg for usize {
    fn to_arg(&self) -> Arg {
        Arg::Number(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl Lang {
    /// All languages, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[Self::En, Self::Fr];

    /// The code in `<html lang>`, in addresses and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language's own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
        }
    }

    /// Reads a language code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|lang| lang.code() == code)
    }

    /// The first language of a browser's `Accept-Language` that we speak; English if none.
    pub fn preferred(accept: &str) -> Self {
        accept
            .split(',')
            .filter_map(|part| part.split([';', '-']).next())
            .find_map(|code| Self::parse(&code.trim().to_ascii_lowercase()))
            .unwrap_or(Self::En)
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Self::En => &ENGLISH,
            Self::Fr => &FRENCH,
        }
    }

    /// The message under `key`.
    pub fn t(self, key: &str) -> Cow<'static, str> {
        self.message(key, None)
    }

    /// The message under `key` with values in it, for example `with("orders-count", &[("count", 3_i64)])`.
    pub fn with<A: ToArg>(self, key: &str, args: &[(&str, A)]) -> Cow<'static, str> {
        let args: FluentArgs<'_> = args
            .iter()
            .map(|(name, value)| {
                let value = match value.to_arg() {
                    Arg::Text(text) => FluentValue::from(text),
                    Arg::Number(number) => FluentValue::from(number),
                };
                ((*name).to_owned(), value)
            })
            .collect();
        self.message(key, Some(&args))
    }

    /// The name of a country, or its code when it has none here.
    pub fn country(self, code: &str) -> Cow<'static, str> {
        let key = format!("country-{code}");
        if self.has(&key) { self.t(&key) } else { Cow::Owned(code.to_owned()) }
    }

    /// Whether the catalogue holds this key.
    pub fn has(self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    /// A message without values is lent by the catalogue, not copied: a list shows hundreds of them.
    fn message(self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::warn!(key, "a message is missing");
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::warn!(key, ?errors, "a message lacks a value");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_language_that_we_do_not_speak_gives_the_next_one() {
        assert_eq!(Lang::preferred("de-DE,de;q=0.9,fr;q=0.8,en;q=0.7"), Lang::Fr);
        assert_eq!(Lang::preferred("fr-CA"), Lang::Fr);
        assert_eq!(Lang::preferred("it"), Lang::En);
        assert_eq!(Lang::preferred(""), Lang::En);
    }

    #[test]
    fn a_missing_message_shows_its_key() {
        assert_eq!(Lang::Fr.t("no-such-key"), "no-such-key");
    }

    #[test]
    fn numbers_in_sentences_are_grouped_and_choose_the_plural() {
        let seen = |lang: Lang, count: i64| lang.with("shell-results", &[("count", count)]).into_owned();
        assert_eq!(seen(Lang::En, 1), "1 result");
        assert_eq!(seen(Lang::En, 0), "0 results");
        assert_eq!(seen(Lang::En, 12_345), "12,345 results");
        assert_eq!(seen(Lang::Fr, 0), "0 résultat");
        assert_eq!(seen(Lang::Fr, 12_345), "12\u{202f}345 résultats");
    }
}
