//! Carriers: the codes that Amazon knows, and which of them a carrier's name means.
//!
//! Amazon compares codes to the letter, people write names as they like. A name that means no code is allowed: it is
//! told to Amazon as *Other* together with the name.

/// Amazon's codes, one a line, in the order of Amazon's own list.
const CODES: &str = include_str!("carrier_codes.txt");

/// The code of carriers that Amazon does not know; the name is told beside it.
pub const OTHER: &str = "Other";

/// The code of one's own deliveries.
pub const SELF_DELIVERY: &str = "Self Delivery";

/// The longest name of a carrier, in characters.
pub const LONGEST_NAME: usize = 60;

/// What a name means to Amazon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// This code.
    Code(&'static str),
    /// No code, but this one is spelled almost alike.
    Near(&'static str),
    /// No code at all.
    Unknown,
}

/// All codes that Amazon knows.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CODES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// What of a name counts when names are compared: letters and digits, small, without accents.
pub fn key(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).filter_map(plain).collect()
}

/// A small letter without its accent, or a digit; nothing for signs.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'š' | 'ś' => 's',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ž' | 'ź' | 'ż' => 'z',
        other if other.is_alphanumeric() => other,
        _ => return None,
    })
}

/// What a carrier's name means to Amazon, however it is written.
pub fn meaning(name: &str) -> Meaning {
    let wanted = key(name);
    if wanted.is_empty() {
        return Meaning::Unknown;
    }
    if let Some(code) = codes().find(|code| *code == name.trim()) {
        return Meaning::Code(code);
    }
    // Of two spellings the one in both small and capital letters is how the carrier writes itself.
    let same = || codes().filter(|code| key(code) == wanted);
    if let Some(code) = same().find(|code| is_mixed(code)).or_else(|| same().next()) {
        return Meaning::Code(code);
    }
    let most = match wanted.chars().count() {
        0..4 => return Meaning::Unknown,
        4..7 => 1,
        _ => 2,
    };
    let near = codes().map(|code| (distance(&wanted, &key(code)), !is_mixed(code), code));
    let nearest = near.filter(|(edits, ..)| *edits <= most).min_by_key(|(edits, is_plain, _)| (*edits, *is_plain));
    nearest.map_or(Meaning::Unknown, |(_, _, code)| Meaning::Near(code))
}

/// The code to send for a carrier that a person named so.
pub fn code_for(name: &str) -> &'static str {
    match meaning(name) {
        Meaning::Code(code) => code,
        Meaning::Near(_) | Meaning::Unknown => OTHER,
    }
}

fn is_mixed(code: &str) -> bool {
    code.chars().any(char::is_lowercase) && code.chars().any(char::is_uppercase)
}

/// How many letters must be added, removed or changed to make one text of the other (Levenshtein).
pub fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (at, letter) in one.chars().enumerate() {
        let (mut diagonal, mut left) = (at, at + 1);
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (against, above) in other.chars().zip(row.iter().skip(1)) {
            let changed = diagonal + usize::from(letter != against);
            left = changed.min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// A carrier that a new company starts with: name, pattern of tracking links, forms of tracking references.
///
/// The code of each is found by its name, as for any other carrier.
pub type Usual = (&'static str, &'static str, &'static str);

/// The carriers of a new company. Links and forms are data to correct; a form is given only where it is published.
///
/// Forms: UPS "Tracking numbers"; Universal Postal Union S10 and La Poste for Colissimo.
pub const USUAL: &[Usual] = &[
    ("Colissimo", "https://www.laposte.fr/outils/suivre-vos-envois?code={tracking}", "**99999999999|AA999999999AA"),
    ("Chronopost", "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={tracking}", ""),
    ("Mondial Relay", "https://www.mondialrelay.fr/suivi-de-colis?numeroExpedition={tracking}", ""),
    ("DHL", "https://www.dhl.com/global-en/home/tracking.html?tracking-id={tracking}", ""),
    ("UPS", "https://www.ups.com/track?tracknum={tracking}", "1Z****************"),
    (SELF_DELIVERY, "", ""),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn amazons_list_is_whole() {
        assert_eq!(codes().count(), 377);
        assert_eq!(codes().collect::<BTreeSet<_>>().len(), 377, "each once");
        for code in ["UPS", "Colissimo", "Chronopost", "Mondial Relay", OTHER, SELF_DELIVERY] {
            assert!(codes().any(|known| known == code), "{code}");
        }
    }

    #[test]
    fn a_name_means_a_code_however_it_is_written() {
        for (name, code) in [
            ("Colissimo", "Colissimo"),
            ("colissimo", "Colissimo"),
            ("  COLISSIMO ", "Colissimo"),
            ("mondial relay", "Mondial Relay"),
            ("Mondial-Relay", "Mondial Relay"),
            ("Colis Privé", "Colis Prive"),
            ("self delivery", SELF_DELIVERY),
            ("ups", "UPS"),
            // Both spellings are codes: one written exactly so is left alone, else the mixed one is preferred.
            ("COLIS PRIVE", "COLIS PRIVE"),
            ("colis prive", "Colis Prive"),
        ] {
            assert_eq!(meaning(name), Meaning::Code(code), "{name}");
        }
    }

    #[test]
    fn a_near_miss_is_a_question_and_an_unknown_name_is_other() {
        for (name, near) in [("Colisimo", "Colissimo"), ("Chronpost", "Chronopost"), ("Mondial Relai", "Mondial Relay")]
        {
            assert_eq!(meaning(name), Meaning::Near(near), "{name}");
            assert_eq!(code_for(name), OTHER, "nothing is corrected silently");
        }
        for name in ["", " - ", "DHX", "Relais Colis", "Coursier Dupont", "日本"] {
            assert_eq!(meaning(name), Meaning::Unknown, "{name}");
            assert_eq!(code_for(name), OTHER);
        }
    }

    #[test]
    fn every_usual_carrier_has_a_code_of_its_own() {
        for (name, ..) in USUAL {
            assert_eq!(meaning(name), Meaning::Code(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn the_distance_is_a_distance(a in "\\PC{0,12}", b in "\\PC{0,12}", c in "\\PC{0,12}") {
            let longest = a.chars().count().max(b.chars().count());
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
            prop_assert!(distance(&a, &b) <= longest);
            prop_assert!(distance(&a, &c) <= distance(&a, &b) + distance(&b, &c));
        }

        #[test]
        fn any_name_has_a_code_and_what_is_sent_is_amazons_spelling(name in "\\PC{0,40}") {
            let code = code_for(&name);
            prop_assert!(codes().any(|known| known == code));
        }
    }
}
