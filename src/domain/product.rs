//! What a product is: its type, what may be typed in its fields, and the words by which it is found.
//!
//! Prices and costs are amounts of the company's currency; nothing here knows a rate of tax.

use super::coded::coded;
use super::money::{Currency, Money, MoneyError};
use super::tax::rates::TaxClass;

coded! {
    /// What a product is.
    ProductType {
        /// Goods whose stock is counted.
        Goods = "goods",
        /// Goods whose stock is not counted.
        Untracked = "untracked",
        /// A service.
        Service = "service",
        /// Goods that are put together from others when they are sold.
        Kit = "kit",
    }
}

impl ProductType {
    /// `goods` or `service`: the coarse kind that older versions read.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Goods | Self::Untracked | Self::Kit => "goods",
        }
    }
}

coded! {
    /// A field of a product that a person fills in.
    Field {
        /// The merchant's own code, unique in the company.
        Reference = "reference",
        /// What it is called.
        Name = "name",
        /// What scanners read.
        Barcode = "barcode",
        /// See [`ProductType`].
        Type = "type",
        /// What it is sold for.
        Price = "sales_price",
        /// What it costs.
        Cost = "cost",
        /// How it is taxed, as a short code.
        TaxClass = "tax_class",
        /// Whether it is in use.
        Active = "active",
        /// What a kit is made of.
        Components = "components",
    }
}

coded! {
    /// What is wrong with a field.
    Wrong {
        /// Nothing was typed.
        Missing = "missing",
        /// It is too long.
        TooLong = "too_long",
        /// It cannot be read as what it should be.
        Unreadable = "unreadable",
        /// It has more decimals than the currency.
        TooPrecise = "too_precise",
        /// It is below zero.
        Negative = "negative",
        /// It is larger than any price.
        TooLarge = "too_large",
    }
}

/// One field and what is wrong with it.
pub type Problem = (Field, Wrong);

/// The tax class of products that nobody classified.
pub const USUAL_TAX_CLASS: &str = "standard";

/// The longest reference, in characters; Amazon allows 40 for a SKU.
pub const LONGEST_REFERENCE: usize = 64;
/// The longest name, in characters.
pub const LONGEST_NAME: usize = 250;
/// The longest barcode, in characters.
pub const LONGEST_BARCODE: usize = 64;
/// The largest price, in minor units.
const LARGEST_PRICE: i64 = 100_000_000_000;

/// The fields of a product, as a person may change them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The merchant's own code.
    pub reference: String,
    /// The name.
    pub name: String,
    /// What scanners read.
    pub barcode: Option<String>,
    /// What it is.
    pub product_type: ProductType,
    /// What it is sold for.
    pub price: Money,
    /// What it costs.
    pub cost: Money,
    /// How it is taxed.
    pub tax_class: String,
}

/// The same fields as they were typed or stand in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Fields")]
pub struct Typed {
    pub reference: String,
    pub name: String,
    pub barcode: String,
    pub product_type: String,
    pub price: String,
    pub cost: String,
    pub tax_class: String,
}

/// Reads what was typed; answers every field that cannot be taken.
pub fn read(typed: &Typed, currency: Currency) -> Result<Fields, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut keep = |field: Field, read: Result<String, Wrong>| {
        read.unwrap_or_else(|wrong| {
            problems.push((field, wrong));
            String::new()
        })
    };
    let reference = keep(Field::Reference, read_text(&typed.reference, LONGEST_REFERENCE, true));
    let name = keep(Field::Name, read_text(&typed.name, LONGEST_NAME, true));
    let barcode = keep(Field::Barcode, read_barcode(&typed.barcode));
    let tax_class = keep(Field::TaxClass, read_tax_class(&typed.tax_class));
    let product_type = read_type(&typed.product_type).unwrap_or_else(|wrong| {
        problems.push((Field::Type, wrong));
        ProductType::Goods
    });
    let mut amount = |field: Field, text: &str| {
        read_amount(text, currency).unwrap_or_else(|wrong| {
            problems.push((field, wrong));
            Money::zero(currency)
        })
    };
    let (price, cost) = (amount(Field::Price, &typed.price), amount(Field::Cost, &typed.cost));
    if !problems.is_empty() {
        problems.sort_by_key(|(field, _)| *field);
        return Err(problems);
    }
    let barcode = Some(barcode).filter(|code| !code.is_empty());
    Ok(Fields { reference, name, barcode, product_type, price, cost, tax_class })
}

fn read_text(text: &str, longest: usize, is_required: bool) -> Result<String, Wrong> {
    let text = text.trim();
    if text.is_empty() && is_required {
        return Err(Wrong::Missing);
    }
    if text.chars().any(char::is_control) {
        return Err(Wrong::Unreadable);
    }
    if text.chars().count() > longest { Err(Wrong::TooLong) } else { Ok(text.to_owned()) }
}

fn read_barcode(text: &str) -> Result<String, Wrong> {
    let text = read_text(text, LONGEST_BARCODE, false)?;
    if text.bytes().all(|byte| byte.is_ascii_graphic()) { Ok(text) } else { Err(Wrong::Unreadable) }
}

/// The code of a class of goods that tax rates know; nothing means the usual class.
fn read_tax_class(text: &str) -> Result<String, Wrong> {
    match text.trim() {
        "" => Ok(USUAL_TAX_CLASS.to_owned()),
        text => TaxClass::parse(text).map(|class| class.as_str().to_owned()).ok_or(Wrong::Unreadable),
    }
}

/// Reads a type by its code, or by its name in English or French; nothing means tracked goods.
pub fn read_type(text: &str) -> Result<ProductType, Wrong> {
    match text.trim().to_lowercase().as_str() {
        "" | "goods" | "product" | "bien" | "article" => Ok(ProductType::Goods),
        "untracked" | "consumable" | "consommable" => Ok(ProductType::Untracked),
        "service" => Ok(ProductType::Service),
        "kit" => Ok(ProductType::Kit),
        _ => Err(Wrong::Unreadable),
    }
}

/// Reads an amount as people write it, exactly: `19.90`, `19,90`, `1 234,50`, `1,234.50`; nothing is zero.
pub fn read_amount(text: &str, currency: Currency) -> Result<Money, Wrong> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    if text.is_empty() {
        return Ok(Money::zero(currency));
    }
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    let plain = plain_decimal(digits).ok_or(Wrong::Unreadable)?;
    let money = Money::parse(&plain, currency).map_err(|error| match error {
        MoneyError::TooPrecise(..) => Wrong::TooPrecise,
        MoneyError::Overflow => Wrong::TooLarge,
        _ => Wrong::Unreadable,
    })?;
    if is_negative && !money.is_zero() {
        return Err(Wrong::Negative);
    }
    if money.minor() > LARGEST_PRICE { Err(Wrong::TooLarge) } else { Ok(money) }
}

/// The number with a point before its decimals, whichever sign was used for them; none when it is no number.
fn plain_decimal(text: &str) -> Option<String> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        return None;
    }
    let Some(last) = text.chars().rev().find(|c| !c.is_ascii_digit()) else { return Some(text.to_owned()) };
    let (whole, decimals) = text.rsplit_once(last)?;
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("{whole}.{decimals}"));
    }
    // More signs than one: those before the last group thousands, and all of them are the same.
    let group = whole.chars().find(|c| !c.is_ascii_digit())?;
    let is_grouped = |number: &str| {
        let mut parts = number.split(group);
        let first = parts.next().is_some_and(|part| matches!(part.len(), 1..=3));
        first && parts.all(|part| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if group == last {
        return is_grouped(text).then(|| text.replace(group, ""));
    }
    is_grouped(whole).then(|| format!("{}.{decimals}", whole.replace(group, "")))
}

/// The most words by which one product is found.
const MOST_WORDS: usize = 40;

/// The words of a text, as they are searched: small letters without accents.
pub fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> =
        parts.take(MOST_WORDS).map(|word| word.chars().take(64).flat_map(folded).collect()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The words by which a product is found: those of its reference, its name and its barcode.
pub fn words_of(reference: &str, name: &str, barcode: Option<&str>) -> Vec<String> {
    words(&format!("{reference} {} {name}", barcode.unwrap_or_default()))
}

/// A letter without its accent, in small letters.
fn folded(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase().map(|small| match small {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    })
}

/// Why a product cannot become another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKept {
    /// It has components: they are taken out first.
    HasComponents,
    /// It has stock moves of its own, which a kit cannot have.
    HasMoves,
}

/// A kit with components stays a kit, and what was moved does not become one.
pub fn check_type(from: ProductType, to: ProductType, has_components: bool, has_moves: bool) -> Result<(), TypeKept> {
    match (from, to) {
        (from, to) if from == to => Ok(()),
        (ProductType::Kit, _) if has_components => Err(TypeKept::HasComponents),
        (_, ProductType::Kit) if has_moves => Err(TypeKept::HasMoves),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed() -> Typed {
        Typed { reference: "MUG-01".to_owned(), name: "Blue mug".to_owned(), ..Typed::default() }
    }

    #[test]
    fn a_reference_and_a_name_are_enough() {
        let fields = read(&typed(), Currency::EUR).unwrap();
        assert_eq!((fields.product_type, fields.tax_class.as_str()), (ProductType::Goods, "standard"));
        assert_eq!((fields.barcode, fields.price.minor()), (None, 0));
    }

    #[test]
    fn every_wrong_field_is_told_at_once_in_the_order_of_the_form() {
        let typed = Typed {
            reference: " ".to_owned(),
            name: "x".repeat(251),
            barcode: "37 60".to_owned(),
            product_type: "thing".to_owned(),
            price: "1.999".to_owned(),
            cost: "-1".to_owned(),
            tax_class: "Réduit".to_owned(),
        };
        let problems = read(&typed, Currency::EUR).unwrap_err();
        assert_eq!(
            problems,
            [
                (Field::Reference, Wrong::Missing),
                (Field::Name, Wrong::TooLong),
                (Field::Barcode, Wrong::Unreadable),
                (Field::Type, Wrong::Unreadable),
                (Field::Price, Wrong::TooPrecise),
                (Field::Cost, Wrong::Negative),
                (Field::TaxClass, Wrong::Unreadable),
            ]
        );
        let hidden = Typed { reference: "MUG\u{0}".to_owned(), ..super::tests::typed() };
        assert_eq!(read(&hidden, Currency::EUR), Err(vec![(Field::Reference, Wrong::Unreadable)]));
    }

    #[test]
    fn amounts_are_read_as_people_write_them_and_exactly() {
        let cents = |text| read_amount(text, Currency::EUR).map(Money::minor);
        for (text, minor) in [
            ("", 0),
            ("19.9", 1990),
            ("19,90", 1990),
            ("1234", 123_400),
            ("1 234,50", 123_450),
            ("1\u{202f}234,50", 123_450),
            ("1,234.50", 123_450),
            ("1.234,50", 123_450),
            ("1.234.567", 123_456_700),
            ("-0", 0),
        ] {
            assert_eq!(cents(text), Ok(minor), "{text}");
        }
        for (text, wrong) in [
            ("1,234", Wrong::TooPrecise),
            ("-5", Wrong::Negative),
            ("12 €", Wrong::Unreadable),
            ("1e5", Wrong::Unreadable),
            ("1,2,3", Wrong::Unreadable),
            ("1,23.45", Wrong::Unreadable),
            ("1.", Wrong::Unreadable),
            ("=1+1", Wrong::Unreadable),
            ("9999999999999999999999", Wrong::TooLarge),
            ("99999999999", Wrong::TooLarge),
        ] {
            assert_eq!(cents(text), Err(wrong), "{text}");
        }
        assert_eq!(read_amount("1,5", Currency::JPY), Err(Wrong::TooPrecise));
    }

    #[test]
    fn a_product_is_found_by_words_without_accents() {
        assert_eq!(words_of("MUG-01", "Tasse À café", Some("376")), ["01", "376", "a", "cafe", "mug", "tasse"]);
    }

    #[test]
    fn a_kit_with_components_stays_a_kit_and_what_was_moved_becomes_none() {
        use ProductType::{Goods, Kit, Service};
        assert_eq!(check_type(Kit, Goods, true, false), Err(TypeKept::HasComponents));
        assert_eq!(check_type(Goods, Kit, false, true), Err(TypeKept::HasMoves));
        assert_eq!(check_type(Kit, Goods, false, false), Ok(()));
        assert_eq!(check_type(Goods, Service, false, true), Ok(()));
    }

    proptest! {
        #[test]
        fn a_written_amount_is_read_back_and_no_text_panics(minor in 0..=LARGEST_PRICE, text in ".{0,24}") {
            let money = Money::from_minor(minor, Currency::EUR);
            prop_assert_eq!(read_amount(&money.to_decimal_string(), Currency::EUR), Ok(money));
            prop_assert!(read_amount(&text, Currency::EUR).is_ok_and(|read| read.minor() >= 0) || !text.is_empty());
            prop_assert!(words(&text).len() <= MOST_WORDS);
        }
    }
}
