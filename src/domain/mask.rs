//! Masks: the form of a number as people write it down.
//!
//! `9` stands for a digit, `A` for a letter, `*` for either of them, and anything else for itself.

/// Whether a text has the form of a mask, letter for letter.
pub fn fits(mask: &str, text: &str) -> bool {
    mask.chars().count() == text.chars().count()
        && mask.chars().zip(text.chars()).all(|(mask, letter)| fit(mask, letter))
}

fn fit(mask: char, letter: char) -> bool {
    match mask {
        '9' => letter.is_ascii_digit(),
        'A' => letter.is_ascii_uppercase(),
        '*' => letter.is_ascii_digit() || letter.is_ascii_uppercase(),
        other => letter == other,
    }
}

/// A text of this form, for showing what one looks like.
pub fn example(mask: &str) -> String {
    let letter = |(at, mask): (usize, char)| match mask {
        '9' => char::from_digit(u32::try_from((at + 1) % 10).unwrap_or(1), 10).unwrap_or('1'),
        'A' => 'X',
        '*' => 'A',
        other => other,
    };
    mask.chars().enumerate().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mask_says_what_stands_where() {
        assert!(fits("1Z****************", "1Z999AA10123456784"));
        assert!(fits("AA999999999AA", "XY123456789FR"));
        for wrong in ["1Z999AA1012345678", "1Z999AA101234567845", "2Z999AA10123456784", "1Z999aa10123456784"] {
            assert!(!fits("1Z****************", wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_example_has_the_form_of_its_mask(mask in "[9A*BZ1-]{0,30}") {
            prop_assert!(fits(&mask, &example(&mask)));
        }
    }
}
