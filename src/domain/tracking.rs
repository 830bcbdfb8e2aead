//! Tracking references: the form that a carrier gives them, and the page on which one is followed.

use super::mask;
use std::fmt::Write as _;

/// Where the reference stands in the pattern of a link.
pub const PLACE: &str = "{tracking}";

/// The longest pattern of a link, in bytes.
const LONGEST_LINK: usize = 300;

/// The longest description of forms, in bytes.
const LONGEST_FORMS: usize = 200;

/// A reference as it is compared and sent: capital letters without spaces.
pub fn tidy(reference: &str) -> String {
    reference.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// Whether a text describes forms: masks separated by `|`, each of at least four places with a digit or a letter to fill.
pub fn are_forms(forms: &str) -> bool {
    let is_form = |form: &str| {
        form.len() >= 4
            && form
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'*' | b'-'))
            && form.contains(['9', '*'])
    };
    forms.len() <= LONGEST_FORMS && forms.split('|').all(is_form)
}

/// Whether a reference has one of these forms.
pub fn has_form(forms: &str, reference: &str) -> bool {
    let reference = tidy(reference);
    forms.split('|').any(|form| mask::fits(form, &reference))
}

/// A reference as the first of these forms demands it; a plain one where nothing is demanded.
pub fn example(forms: Option<&str>) -> String {
    let first = forms.and_then(|forms| forms.split('|').next());
    mask::example(first.unwrap_or("A9999999999"))
}

/// Whether a text is the pattern of a link: a page of the web that is reached safely, with one place for the reference.
pub fn is_link(pattern: &str) -> bool {
    let host = pattern.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let is_host = |host: &str| {
        let is_clean = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        is_clean && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    };
    pattern.len() <= LONGEST_LINK
        && pattern.bytes().all(|byte| byte.is_ascii_graphic())
        && pattern.matches(PLACE).count() == 1
        && host.is_some_and(is_host)
}

/// The link to the page of a reference; signs that would mean something in an address are escaped.
pub fn link(pattern: &str, reference: &str) -> String {
    let mut escaped = String::new();
    for byte in tidy(reference).bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _infallible = write!(escaped, "%{byte:02X}");
        }
    }
    pattern.replace(PLACE, &escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::carrier::USUAL;
    use proptest::prelude::*;

    #[test]
    fn the_form_of_a_reference_is_judged_without_spaces_and_case() {
        let colissimo = "**99999999999|AA999999999AA";
        assert!(has_form(colissimo, "6A 1234 5678 901") && has_form(colissimo, "xy123456789fr"));
        assert!(!has_form(colissimo, "1Z999AA10123456784") && !has_form(colissimo, ""));
        assert_eq!(example(Some("1Z****************")), "1ZAAAAAAAAAAAAAAAA");
    }

    #[test]
    fn what_is_no_form_and_no_link_is_refused() {
        for wrong in ["", "AB", "AAAA", "9999|", "99 99", "99;99", "élan9", "a9999"] {
            assert!(!are_forms(wrong), "{wrong}");
        }
        for wrong in [
            "",
            "http://example.com/{tracking}",
            "https://example.com/",
            "https://example.com/{tracking}{tracking}",
            "javascript:alert(1)//{tracking}",
            "https://{tracking}",
            "https:///{tracking}",
            "https://user@example.com/{tracking}",
            "https://example.com/ {tracking}",
            "//example.com/{tracking}",
        ] {
            assert!(!is_link(wrong), "{wrong}");
        }
        assert_eq!(link("https://example.com/?n={tracking}", "a b&c/é"), "https://example.com/?n=AB%26C%2F%C3%89");
    }

    #[test]
    fn the_usual_carriers_have_links_and_forms_that_can_be_used() {
        for (name, pattern, forms) in USUAL {
            assert!(pattern.is_empty() || is_link(pattern), "{name}");
            assert!(forms.is_empty() || (are_forms(forms) && has_form(forms, &example(Some(forms)))), "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_link_stays_on_its_host(reference in "\\PC{0,30}") {
            let link = link("https://example.com/t/{tracking}?x=1", &reference);
            prop_assert!(link.starts_with("https://example.com/t/") && link.ends_with("?x=1"));
            prop_assert!(link.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert_eq!(link.matches(['?', '#']).count(), 1);
        }
    }
}
