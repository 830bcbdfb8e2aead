//! The rates of value added tax: data with a beginning and an end, by country and class of goods.

use super::place::Country;
use crate::domain::coded::coded;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

coded! {
    /// How a country's law classes goods.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    TaxClass {
        /// What has no rate of its own.
        Standard = "standard",
        /// The reduced rate.
        Reduced = "reduced",
        /// The second reduced rate.
        SecondReduced = "second_reduced",
        /// The lowest rate.
        SuperReduced = "super_reduced",
        /// Taxed at nothing.
        Zero = "zero",
    }
}

/// A rate in hundredths of a percent: 2,000 is 20 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BasisPoints(pub i64);

impl BasisPoints {
    /// The highest rate that is accepted.
    pub const MOST: Self = Self(10_000);

    /// Reads a percentage such as `20`, `5.5`, `5,5` or `25.5 %`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('%').trim().replace(',', ".");
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !is_digits(whole) || !is_digits(part) {
            return None;
        }
        let hundredths = format!("{part:0<2}").parse::<i64>().ok()?;
        let rate = Self(whole.parse::<i64>().ok()? * 100 + hundredths);
        (rate <= Self::MOST).then_some(rate)
    }

    /// The percentage as a plain decimal text: `20`, `5.5`, `13.25`.
    pub fn to_percent(self) -> String {
        let (whole, part) = (self.0.div_euclid(100), self.0.rem_euclid(100));
        if part == 0 { whole.to_string() } else { format!("{whole}.{part:02}").trim_end_matches('0').to_owned() }
    }
}

/// One rate with the days on which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The country.
    pub country: Country,
    /// The class of goods.
    pub class: TaxClass,
    /// The rate.
    pub points: BasisPoints,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day; nothing while it holds.
    pub valid_to: Option<NaiveDate>,
}

/// All rates that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateTable(Vec<Rate>);

impl RateTable {
    /// A table of these rates.
    pub fn new(mut rates: Vec<Rate>) -> Self {
        rates.sort_by_key(|rate| (rate.country, rate.class, rate.valid_from));
        Self(rates)
    }

    /// The rate of a class of goods in a country on a day; where two overlap, the one that began last.
    pub fn of(&self, country: Country, class: TaxClass, day: NaiveDate) -> Option<BasisPoints> {
        // Northern Ireland applies the rates of the United Kingdom.
        let country = if country == Country::XI { Country::GB } else { country };
        let holds = |rate: &&Rate| {
            rate.country == country
                && rate.class == class
                && rate.valid_from <= day
                && rate.valid_to.is_none_or(|last| day <= last)
        };
        self.0.iter().rev().find(holds).map(|rate| rate.points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_read_exactly_and_written_back() {
        for (text, points) in [("20", 2_000), ("5.5", 550), ("5,5 %", 550), ("25.50", 2_550), ("0", 0), ("100", 10_000)]
        {
            assert_eq!(BasisPoints::parse(text), Some(BasisPoints(points)), "{text}");
        }
        for wrong in ["", "-1", "100.01", "5.555", "abc", "5.5.5", "1e2", "٢"] {
            assert_eq!(BasisPoints::parse(wrong), None, "{wrong}");
        }
        for points in 0..=10_000 {
            assert_eq!(BasisPoints::parse(&BasisPoints(points).to_percent()), Some(BasisPoints(points)));
        }
    }

    #[test]
    fn a_rate_holds_from_its_first_to_its_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rate = |points, from, to: Option<&str>| Rate {
            country: Country::parse("EE").unwrap(),
            class: TaxClass::Standard,
            points: BasisPoints(points),
            valid_from: day(from),
            valid_to: to.map(day),
        };
        let table =
            RateTable::new(vec![rate(2_400, "2025-07-01", None), rate(2_200, "2024-01-01", Some("2025-06-30"))]);
        let of = |on| table.of(Country::parse("EE").unwrap(), TaxClass::Standard, day(on)).map(|rate| rate.0);
        assert_eq!(of("2025-06-30"), Some(2_200));
        assert_eq!(of("2025-07-01"), Some(2_400));
        assert_eq!(of("2023-12-31"), None);
        assert_eq!(table.of(Country::FR, TaxClass::Standard, day("2025-07-01")), None);
    }
}
