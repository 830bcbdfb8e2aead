//! Adding and changing carriers; the code that Amazon knows is found by the name unless a person says otherwise.

use super::Actor;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::carriers::{self, CarrierRow, Values};
use crate::db::{Conn, DbError};
use crate::domain::access::Action;
use crate::domain::carrier::{self, LONGEST_NAME, Meaning, USUAL};
use crate::domain::ids::{CarrierId, CompanyId};
use crate::domain::tracking;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// A carrier as a person describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// The name.
    pub name: String,
    /// Amazon's code; empty when the name finds it.
    pub amazon_code: String,
    /// The pattern of tracking links; empty for none.
    pub tracking_url: String,
    /// The forms of tracking references; empty for any.
    pub tracking_format: String,
    /// Whether it is offered.
    pub is_active: bool,
}

/// What is wrong with a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The name is missing or has neither letter nor digit.
    NameMissing,
    /// The name is too long.
    NameTooLong,
    /// Amazon has no such code; perhaps this one is meant.
    UnknownCode(Option<&'static str>),
    /// The pattern is no link.
    WrongLink,
    /// The forms cannot be read.
    WrongForms,
}

/// A carrier that can be stored.
#[derive(Clone, Debug)]
pub struct Checked {
    described: Described,
    key: String,
    code: &'static str,
}

impl Described {
    /// Checks what a person typed.
    pub fn check(&self) -> Result<Checked, Vec<Mistake>> {
        let trimmed = |text: &str| text.trim().to_owned();
        let described = Self {
            name: trimmed(&self.name),
            amazon_code: trimmed(&self.amazon_code),
            tracking_url: trimmed(&self.tracking_url),
            tracking_format: trimmed(&self.tracking_format),
            is_active: self.is_active,
        };
        let key = carrier::key(&described.name);
        let mut mistakes = Vec::new();
        if key.is_empty() {
            mistakes.push(Mistake::NameMissing);
        } else if described.name.chars().count() > LONGEST_NAME {
            mistakes.push(Mistake::NameTooLong);
        }
        let code = match described.amazon_code.as_str() {
            "" => carrier::code_for(&described.name),
            typed => match carrier::meaning(typed) {
                Meaning::Code(code) => code,
                Meaning::Near(near) => {
                    mistakes.push(Mistake::UnknownCode(Some(near)));
                    near
                }
                Meaning::Unknown => {
                    mistakes.push(Mistake::UnknownCode(None));
                    carrier::OTHER
                }
            },
        };
        if !described.tracking_url.is_empty() && !tracking::is_link(&described.tracking_url) {
            mistakes.push(Mistake::WrongLink);
        }
        if !described.tracking_format.is_empty() && !tracking::are_forms(&described.tracking_format) {
            mistakes.push(Mistake::WrongForms);
        }
        if mistakes.is_empty() { Ok(Checked { described, key, code }) } else { Err(mistakes) }
    }
}

impl Checked {
    fn values(&self) -> Values<'_> {
        let optional = |text| Some(text).filter(|text: &&str| !text.is_empty());
        Values {
            name: &self.described.name,
            name_key: &self.key,
            amazon_code: self.code,
            tracking_url: optional(self.described.tracking_url.as_str()),
            tracking_format: optional(self.described.tracking_format.as_str()),
            is_active: self.described.is_active,
        }
    }
}

/// Adds a carrier; or tells which one has this name already.
pub async fn create(app: &App, actor: &Actor, new: Checked) -> Result<Result<CarrierId, CarrierId>, AppError> {
    actor.must(Action::EditCarriers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        if let Some(held) = carriers::by_key(conn, actor.company, &new.key)? {
            return Ok(Err(held));
        }
        let id = carriers::insert(conn, actor.company, &new.values(), now)?;
        note(conn, &actor, id, "carrier_created", (None, &told(&new.values())), now)?;
        Ok::<_, AppError>(Ok(id))
    })
    .await
}

/// Changes a carrier over the version that was seen; or tells which other one has this name already.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: CarrierId,
    seen: i64,
    new: Checked,
) -> Result<Result<(), CarrierId>, AppError> {
    actor.must(Action::EditCarriers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = carriers::by_id(conn, actor.company, id)?.ok_or(AppError::NotFound)?;
        if row.version != seen {
            return Err(AppError::Conflict);
        }
        if let Some(held) = carriers::by_key(conn, actor.company, &new.key)?.filter(|held| *held != id) {
            return Ok(Err(held));
        }
        carriers::update(conn, id, seen, &new.values()).map_err(super::edit_account::stale)?;
        let old = told(&held(&row));
        note(conn, &actor, id, "carrier_changed", (Some(&old), &told(&new.values())), now)?;
        Ok(Ok(()))
    })
    .await
}

fn held(row: &CarrierRow) -> Values<'_> {
    Values {
        name: &row.name,
        name_key: "",
        amazon_code: &row.amazon_code,
        tracking_url: row.tracking_url.as_deref(),
        tracking_format: row.tracking_format.as_deref(),
        is_active: row.is_active,
    }
}

fn told(values: &Values<'_>) -> String {
    format!(
        "{}, sent as {}, link {}, form {}, {}",
        values.name,
        values.amazon_code,
        values.tracking_url.unwrap_or("-"),
        values.tracking_format.unwrap_or("-"),
        if values.is_active { "active" } else { "archived" }
    )
}

fn note(
    conn: &mut Conn,
    actor: &Actor,
    id: CarrierId,
    action: &str,
    (old, new): (Option<&str>, &str),
    at: NaiveDateTime,
) -> Result<(), DbError> {
    let subject = format!("carrier {id}");
    audit::insert(conn, &NewEvent { old_value: old, new_value: Some(new), ..actor.event(action, &subject, at) })
}

/// The carriers that a company starts with, in the caller's transaction; one that is there already stays as it is.
pub fn furnish(conn: &mut Conn, company: CompanyId, now: NaiveDateTime) -> Result<(), DbError> {
    for (name, url, forms) in USUAL {
        let key = carrier::key(name);
        if carriers::by_key(conn, company, &key)?.is_some() {
            continue;
        }
        let optional = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        let values = Values {
            name,
            name_key: &key,
            amazon_code: carrier::code_for(name),
            tracking_url: optional(url),
            tracking_format: optional(forms),
            is_active: true,
        };
        carriers::insert(conn, company, &values, now)?;
    }
    Ok(())
}

/// Adds the usual carriers that a company lacks.
pub async fn add_usual(app: &App, actor: &Actor) -> Result<(), AppError> {
    actor.must(Action::EditCarriers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        furnish(conn, actor.company, now)?;
        Ok::<_, AppError>(audit::insert(conn, &actor.event("usual_carriers_added", "carriers", now))?)
    })
    .await
}
