//! Opening the keys at start: made once for an empty database, and refused when they do not fit a used one.

use crate::crypto::{CryptoError, Vault};
use crate::db::{Db, settings};
use crate::error::AppError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;

/// The setting that holds a sealed word, to recognise the right keys.
const CHECK: &str = "key_check";

/// What the sealed word is sealed for.
const OWNER: &str = "key check";

/// Opens the key file at `path`; a database with sealed data never starts with new keys.
pub fn run(db: &Db, path: &Path) -> Result<Vault, AppError> {
    let stored = db.read(|conn| settings::value(conn, CHECK))?;
    let vault = Vault::open(path, stored.is_none())?;
    let Some(stored) = stored else {
        let sealed = vault.seal(b"comptoir", OWNER)?;
        let text = format!("{} {}", STANDARD.encode(&sealed.wrapped_key), STANDARD.encode(&sealed.body));
        db.write(|conn| settings::put(conn, CHECK, &text))?;
        return Ok(vault);
    };
    let wrong = || CryptoError::WrongKey(path.display().to_string());
    let (key, body) = stored.split_once(' ').ok_or_else(wrong)?;
    let decode = |text: &str| STANDARD.decode(text).map_err(|_altered| wrong());
    vault.unseal(&decode(key)?, &decode(body)?, OWNER).map_err(|_other_key| wrong())?;
    Ok(vault)
}
