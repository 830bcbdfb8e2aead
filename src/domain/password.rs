//! Which passwords are accepted: long, and not one that everybody tries first.
//!
//! Rules of Amazon's data protection policy for people who see buyers' data: at least 12 characters, four kinds of
//! characters, no part of the user's name.

/// The shortest accepted password, in characters.
pub const SHORTEST: usize = 12;

/// The longest accepted password, in characters; longer ones are refused, never cut.
pub const LONGEST: usize = 256;

/// Words that guessers try first, besides the product's own name.
const COMMON: &[&str] = &[
    "password",
    "motdepasse",
    "azerty",
    "qwerty",
    "qwertz",
    "123456",
    "abcdef",
    "letmein",
    "welcome",
    "bienvenue",
    "comptoir",
    "amazon",
    "seller",
    "administrator",
    "iloveyou",
    "changeme",
    "secret",
    "soleil",
    "dragon",
    "football",
];

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("password-too-short")]
    TooShort,
    /// Too long.
    #[error("password-too-long")]
    TooLong,
    /// Letters of both cases, a digit and a sign are needed.
    #[error("password-too-plain")]
    TooPlain,
    /// It holds a word that guessers try first.
    #[error("password-too-common")]
    TooCommon,
    /// It holds a part of the e-mail address or of the name.
    #[error("password-contains-name")]
    ContainsName,
}

/// Checks a new password for a user with this e-mail address and name.
pub fn check(password: &str, email: &str, name: &str) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if length > LONGEST {
        return Err(PasswordError::TooLong);
    }
    let kinds = [
        password.chars().any(char::is_lowercase),
        password.chars().any(char::is_uppercase),
        password.chars().any(|letter| letter.is_ascii_digit()),
        password.chars().any(|letter| !letter.is_alphanumeric()),
    ];
    if kinds.contains(&false) {
        return Err(PasswordError::TooPlain);
    }
    let lower = password.to_lowercase();
    if COMMON.iter().any(|word| lower.contains(word)) {
        return Err(PasswordError::TooCommon);
    }
    let parts = email.split(['@', '.', '-', '_', '+']).chain(name.split_whitespace());
    if parts.map(str::to_lowercase).any(|part| part.chars().count() >= 4 && lower.contains(&part)) {
        return Err(PasswordError::ContainsName);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_their_reason() {
        let judge = |password: &str| check(password, "nadia.benali@example.com", "Nadia Benali");
        assert_eq!(judge("Short-1a"), Err(PasswordError::TooShort));
        assert_eq!(judge(&"Aa1-".repeat(65)), Err(PasswordError::TooLong));
        assert_eq!(judge("all lower case 1"), Err(PasswordError::TooPlain));
        assert_eq!(judge("Comptoir2026!"), Err(PasswordError::TooCommon));
        assert_eq!(judge("Benali-likes-42-cats"), Err(PasswordError::ContainsName));
        assert_eq!(judge("Grey-otters-42-swim"), Ok(()));
        assert_eq!(judge(&"Aa1-".repeat(64)), Ok(()));
    }
}
