//! A file that a browser sends: read up to a limit, whatever it says about its size.
//!
//! Nothing is written to the disk here, and the file's name is a text to show, never a path.

use crate::error::AppError;
use actix_multipart::{Field, Multipart};
use futures_util::StreamExt as _;

/// What a form with a file brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upload {
    /// A file.
    File {
        /// Its name on the sender's machine.
        name: String,
        /// Its bytes.
        content: Vec<u8>,
    },
    /// No file was chosen.
    Missing,
    /// It is larger than allowed.
    TooLarge,
}

/// How much of a file that is too large is read and thrown away, so that the browser reads the answer.
const MOST_THROWN_AWAY: usize = 200 * 1024 * 1024;

/// The other fields of a form with a file, in their order.
pub type Fields = Vec<(String, String)>;

/// Reads the field `file` of a form, at most `largest` bytes of it, and the other fields, at most as much together.
pub async fn read(mut form: Multipart, largest: usize) -> Result<(Upload, Fields), AppError> {
    let (mut found, mut fields, mut left) = (Upload::Missing, Vec::new(), largest);
    while let Some(field) = form.next().await {
        let field = field.map_err(|_broken| AppError::BadRequest("the form was not readable"))?;
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            found = file(field, largest).await?;
            continue;
        }
        let text = match file(field, left).await? {
            Upload::File { content, .. } => content,
            Upload::Missing => Vec::new(),
            Upload::TooLarge => return Err(AppError::TooLarge),
        };
        left = left.saturating_sub(text.len());
        let text = String::from_utf8(text).map_err(|_other| AppError::BadRequest("the form was not readable"))?;
        fields.push((name, text));
    }
    Ok((found, fields))
}

async fn file(mut field: Field, largest: usize) -> Result<Upload, AppError> {
    let name = field.content_disposition().and_then(|part| part.get_filename()).unwrap_or_default().to_owned();
    let (mut content, mut length) = (Vec::new(), 0_usize);
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|_cut| AppError::BadRequest("the body was cut off"))?;
        length = length.saturating_add(chunk.len());
        if length > MOST_THROWN_AWAY {
            return Err(AppError::TooLarge);
        }
        if length <= largest {
            content.extend_from_slice(&chunk);
        } else {
            content = Vec::new();
        }
    }
    if length > largest {
        return Ok(Upload::TooLarge);
    }
    Ok(if name.is_empty() && content.is_empty() { Upload::Missing } else { Upload::File { name, content } })
}
