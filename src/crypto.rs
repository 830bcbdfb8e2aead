//! Secrets and personal data at rest: sealed records, keyed hashes, passwords and random tokens.
//!
//! Every record has a data key of its own, wrapped by the master key (XChaCha20-Poly1305). Deleting the wrapped key
//! makes the record unreadable, in backups too. Nothing here writes a key or a clear text to a log.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Length of keys, in bytes (XChaCha20-Poly1305).
const KEY: usize = 32;
/// Length of nonces, in bytes (XChaCha20-Poly1305); long enough to be chosen at random.
const NONCE: usize = 24;

/// Why something could not be sealed, opened or read.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    /// The key file could not be read or written.
    #[error("the key file {0} could not be used")]
    KeyFile(String, #[source] std::io::Error),
    /// The key file is not one of ours.
    #[error("the key file {0} does not hold Comptoir keys")]
    NotAKeyFile(String),
    /// There is sealed data, but no key file.
    #[error(
        "the key file {0} is missing, and the database holds data sealed with it; restore the file from your backup"
    )]
    KeyMissing(String),
    /// The keys are not those that sealed the data.
    #[error("the key file {0} does not belong to this database; restore the right one from your backup")]
    WrongKey(String),
    /// The sealed record was altered, or sealed with another key.
    #[error("a sealed record could not be opened: it was altered or belongs to another key")]
    NotAuthentic,
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers")]
    NoRandomness,
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Hashing,
}

/// A record at rest: its data key, wrapped, and its content under that key.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The data key under the master key; deleting it erases the record.
    pub wrapped_key: Vec<u8>,
    /// The content under the data key.
    pub body: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.body.len())
    }
}

/// What a keyed hash is for; hashes for different purposes never match each other.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Finding a customer again.
    Buyer,
    /// Finding a delivery address again.
    Address,
    /// Searching customers by a word of their name.
    Word,
    /// Counting failed sign-ins by e-mail address.
    SignIn,
    /// Proving that an answer of Amazon's consent page was asked for by this session.
    Consent,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Address => "address",
            Self::Word => "word",
            Self::SignIn => "sign-in",
            Self::Consent => "consent",
        }
    }
}

/// Seals and opens records, and computes keyed hashes.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    /// Master keys, newest first, each with its number.
    ring: Vec<(u8, XChaCha20Poly1305)>,
    /// The key of keyed hashes; it stays the same when master keys rotate.
    index: [u8; KEY],
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// Reads the key file, or makes one when `may_create` says that nothing is sealed yet.
    pub fn open(path: &Path, may_create: bool) -> Result<Self, CryptoError> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).ok_or(CryptoError::NotAKeyFile(name)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_create => {
                let text = Self::fresh_keys()?;
                write_private(path, &text).map_err(|error| CryptoError::KeyFile(name.clone(), error))?;
                Self::parse(&text).ok_or(CryptoError::NotAKeyFile(name))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(CryptoError::KeyMissing(name)),
            Err(error) => Err(CryptoError::KeyFile(name, error)),
        }
    }

    /// A vault with new keys that are kept nowhere; for tests.
    pub fn ephemeral() -> Result<Self, CryptoError> {
        Self::parse(&Self::fresh_keys()?).ok_or(CryptoError::Hashing)
    }

    fn fresh_keys() -> Result<String, CryptoError> {
        let (index, master) = (STANDARD.encode(random::<KEY>()?), STANDARD.encode(random::<KEY>()?));
        Ok(format!(
            "# Comptoir keys: without this file sealed data cannot be read. Back it up apart from the database.\nindex {index}\n1 {master}\n"
        ))
    }

    /// Reads `index KEY` and `NUMBER KEY` lines; the highest number seals.
    fn parse(text: &str) -> Option<Self> {
        let mut index = None;
        let mut ring = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (name, key) = line.split_once(' ')?;
            let key: [u8; KEY] = STANDARD.decode(key.trim()).ok()?.try_into().ok()?;
            if name == "index" {
                index = Some(key);
            } else {
                ring.push((name.parse().ok()?, XChaCha20Poly1305::new(&key.into())));
            }
        }
        ring.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        if ring.is_empty() { None } else { Some(Self(Arc::new(Keys { ring, index: index? }))) }
    }

    /// Seals `content` for the record that `owner` names; it opens only for the same owner.
    pub fn seal(&self, content: &[u8], owner: &str) -> Result<Sealed, CryptoError> {
        let key: [u8; KEY] = random()?;
        let (number, master) = self.0.ring.first().ok_or(CryptoError::NotAuthentic)?;
        let mut wrapped_key = vec![*number];
        wrapped_key.extend(encrypt(master, &key, owner)?);
        let body = encrypt(&XChaCha20Poly1305::new(&key.into()), content, owner)?;
        Ok(Sealed { wrapped_key, body })
    }

    /// Opens a record of `owner`.
    pub fn unseal(&self, wrapped_key: &[u8], body: &[u8], owner: &str) -> Result<Vec<u8>, CryptoError> {
        let (number, wrapped) = wrapped_key.split_first().ok_or(CryptoError::NotAuthentic)?;
        let (_, master) = self.0.ring.iter().find(|(held, _)| held == number).ok_or(CryptoError::NotAuthentic)?;
        let key: [u8; KEY] =
            decrypt(master, wrapped, owner)?.try_into().map_err(|_wrong_length| CryptoError::NotAuthentic)?;
        decrypt(&XChaCha20Poly1305::new(&key.into()), body, owner)
    }

    /// A keyed hash: the same text always gives the same answer, and the text cannot be guessed without the key.
    pub fn keyed_hash(&self, purpose: Purpose, text: &str) -> [u8; KEY] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0.index) else { return [0; KEY] };
        mac.update(purpose.label().as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// A keyed hash as short text: 120 bits, in URL-safe base 64.
    pub fn reference(&self, purpose: Purpose, text: &str) -> String {
        let hash = self.keyed_hash(purpose, text);
        URL_SAFE_NO_PAD.encode(hash.get(..15).unwrap_or(&hash))
    }

    /// A keyed hash as a number, for an index of words.
    pub fn word_hash(&self, word: &str) -> i64 {
        let hash = self.keyed_hash(Purpose::Word, word);
        i64::from_be_bytes(hash.first_chunk::<8>().copied().unwrap_or_default())
    }
}

fn encrypt(cipher: &XChaCha20Poly1305, content: &[u8], owner: &str) -> Result<Vec<u8>, CryptoError> {
    let nonce: [u8; NONCE] = random()?;
    let payload = Payload { msg: content, aad: owner.as_bytes() };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_opaque| CryptoError::NotAuthentic)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn decrypt(cipher: &XChaCha20Poly1305, sealed: &[u8], owner: &str) -> Result<Vec<u8>, CryptoError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(CryptoError::NotAuthentic)?;
    let payload = Payload { msg: sealed, aad: owner.as_bytes() };
    cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_opaque| CryptoError::NotAuthentic)
}

/// Writes a file that only its owner may read; fails when it exists.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], CryptoError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_opaque| CryptoError::NoRandomness)?;
    Ok(bytes)
}

/// A random token of 256 bits as text that fits in a cookie or an address.
pub fn random_token() -> Result<String, CryptoError> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// The hash under which a random token is stored; tokens are long enough to need no salt.
pub fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// argon2id with 19 MiB, two passes, one lane (OWASP Application Security Verification Standard 5, appendix C).
fn argon2() -> Result<Argon2<'static>, CryptoError> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_opaque| CryptoError::Hashing)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password for storage (PHC string).
pub fn hash_password(password: &str) -> Result<String, CryptoError> {
    let hash: PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(|_opaque| CryptoError::Hashing)?;
    Ok(hash.to_string())
}

/// Whether a password is the one that was hashed; takes the same time for a wrong one.
pub fn verify_password(password: &str, stored: &str) -> Result<bool, CryptoError> {
    let hash = PasswordHash::new(stored).map_err(|_opaque| CryptoError::Hashing)?;
    Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
}

/// Whether a stored hash was made with weaker parameters than today's.
pub fn needs_rehash(stored: &str) -> bool {
    !stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_record_opens_only_for_its_owner_and_only_untouched() {
        let vault = Vault::ephemeral().unwrap();
        let sealed = vault.seal("Nadia, 12 rue Haute".as_bytes(), "customer 1").unwrap();
        assert!(!sealed.body.windows(5).any(|bytes| bytes == b"Nadia"));
        assert_eq!(
            vault.unseal(&sealed.wrapped_key, &sealed.body, "customer 1").unwrap(),
            "Nadia, 12 rue Haute".as_bytes()
        );
        assert!(vault.unseal(&sealed.wrapped_key, &sealed.body, "customer 2").is_err());
        let mut altered = sealed.body.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert!(vault.unseal(&sealed.wrapped_key, &altered, "customer 1").is_err());
        assert!(Vault::ephemeral().unwrap().unseal(&sealed.wrapped_key, &sealed.body, "customer 1").is_err());
    }

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        assert!(matches!(Vault::open(&path, false), Err(CryptoError::KeyMissing(_))));
        let first = Vault::open(&path, true).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = Vault::open(&path, false).unwrap();
        assert_eq!(first.reference(Purpose::Buyer, "x"), again.reference(Purpose::Buyer, "x"));
        std::fs::write(&path, "nonsense").unwrap();
        assert!(matches!(Vault::open(&path, true), Err(CryptoError::NotAKeyFile(_))));
    }

    #[test]
    fn keyed_hashes_of_different_purposes_never_match() {
        let vault = Vault::ephemeral().unwrap();
        assert_ne!(vault.reference(Purpose::Buyer, "x"), vault.reference(Purpose::Address, "x"));
        assert_eq!(vault.word_hash("nadia"), vault.word_hash("nadia"));
        assert_ne!(vault.word_hash("nadia"), vault.word_hash("nadir"));
    }

    #[test]
    fn passwords_are_hashed_with_argon2id_and_compared_in_full() {
        let long = "x".repeat(127);
        let stored = hash_password(&format!("{long}a")).unwrap();
        assert!(!needs_rehash(&stored), "{stored}");
        assert!(verify_password(&format!("{long}a"), &stored).unwrap());
        assert!(!verify_password(&format!("{long}b"), &stored).unwrap());
        assert!(needs_rehash("$argon2id$v=19$m=4096,t=3,p=1$c2FsdA$aGFzaA"));
    }
}
