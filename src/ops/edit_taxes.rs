//! Changing what the company is to the tax offices, the rates, and on which marketplaces prices contain the tax.
//!
//! Decided orders stay as they are: a change holds for what is decided afterwards.

use super::Actor;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::{Conn, DbError};
use crate::db::{marketplaces, taxes};
use crate::domain::access::Action;
use crate::domain::ids::MarketplaceId;
use crate::domain::tax::place::Country;
use crate::domain::tax::profile::{Registration, TaxProfile};
use crate::domain::tax::rates::Rate;
use crate::domain::tax::vat_number::VatNumber;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// What of a profile is answered with yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct Answers {
    /// Established in the EU.
    pub is_established_in_eu: bool,
    /// Charges no tax as a small business.
    pub is_small_business: bool,
    /// Declares distance sales in the One-Stop Shop.
    pub uses_oss: bool,
    /// Distance sales stay below the threshold.
    pub is_below_threshold: bool,
    /// Amazon's checks of VAT numbers are relied on.
    pub trusts_amazon: bool,
}

/// Changes the profile over the version that was seen.
pub async fn profile(app: &App, actor: &Actor, seen: i64, country: Country, answers: Answers) -> Result<(), AppError> {
    actor.must(Action::EditTaxes)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let (held, version) = taxes::profile(conn, actor.company)?;
        if version != seen {
            return Err(AppError::Conflict);
        }
        let new = TaxProfile {
            country,
            is_established_in_eu: answers.is_established_in_eu,
            is_small_business: answers.is_small_business,
            uses_oss: answers.uses_oss,
            is_below_threshold: answers.is_below_threshold,
            trusts_amazon: answers.trusts_amazon,
            registrations: Vec::new(),
        };
        taxes::set_profile(conn, actor.company, seen, &new).map_err(super::edit_account::stale)?;
        Ok(note(conn, &actor, "tax_profile_changed", (&described(&held), &described(&new)), now)?)
    })
    .await
}

fn described(profile: &TaxProfile) -> String {
    let flags = [
        (profile.is_established_in_eu, "in the EU"),
        (profile.is_small_business, "small business"),
        (profile.uses_oss, "OSS"),
        (profile.is_below_threshold, "below the threshold"),
        (profile.trusts_amazon, "trusts Amazon"),
    ];
    let words: Vec<&str> = flags.iter().filter(|flag| flag.0).map(|flag| flag.1).collect();
    format!("{}: {}", profile.country, words.join(", "))
}

/// Registers the company under a VAT number, or gives it another number where it is registered.
pub async fn register(app: &App, actor: &Actor, number: VatNumber) -> Result<(), AppError> {
    actor.must(Action::EditTaxes)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let country = number.country();
        let old = held_number(conn, &actor, country)?.unwrap_or_default();
        let new = Registration { country, vat_number: number.as_str().to_owned() };
        taxes::set_registration(conn, actor.company, &new)?;
        Ok::<_, AppError>(note(conn, &actor, "tax_registration_set", (&old, number.as_str()), now)?)
    })
    .await
}

/// Ends a registration.
pub async fn deregister(app: &App, actor: &Actor, country: Country) -> Result<(), AppError> {
    actor.must(Action::EditTaxes)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let old = held_number(conn, &actor, country)?.ok_or(AppError::NotFound)?;
        taxes::remove_registration(conn, actor.company, country)?;
        Ok::<_, AppError>(note(conn, &actor, "tax_registration_removed", (&old, ""), now)?)
    })
    .await
}

fn held_number(conn: &mut Conn, actor: &Actor, country: Country) -> Result<Option<String>, DbError> {
    let (profile, _) = taxes::profile(conn, actor.company)?;
    Ok(profile.registrations.into_iter().find(|held| held.country == country).map(|held| held.vat_number))
}

/// Adds a rate that holds from its first day; the one before it ends on the day before.
pub async fn rate(app: &App, actor: &Actor, new: Rate) -> Result<(), AppError> {
    actor.must(Action::EditTaxes)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let before = new.valid_from.pred_opt().ok_or(AppError::BadRequest("a day before all days"))?;
        let held = taxes::rates(conn)?;
        let is_same = |row: &&taxes::RateRow| (row.country, row.class) == (new.country, new.class);
        let old = held.iter().filter(is_same).find(|row| row.valid_to.is_none_or(|last| last >= new.valid_from));
        let old = old.map(|row| format!("{} from {}", row.rate_bp, row.valid_from)).unwrap_or_default();
        taxes::end_rates(conn, new.country, new.class, before)?;
        taxes::put_rate(conn, &new)?;
        let value = format!("{} {} {} from {}", new.country, new.class.as_str(), new.points.0, new.valid_from);
        Ok::<_, AppError>(note(conn, &actor, "tax_rate_set", (&old, &value), now)?)
    })
    .await
}

/// Sets on exactly which marketplaces prices contain the tax.
pub async fn marketplaces(app: &App, actor: &Actor, included: Vec<MarketplaceId>) -> Result<(), AppError> {
    actor.must(Action::EditTaxes)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let (held, directory) = (taxes::included(conn)?, marketplaces::directory(conn, actor.company)?);
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for known in directory.all() {
            let id = MarketplaceId::from(known.id);
            let (was, is) = (held.get(&id).copied(), included.contains(&id));
            if was != Some(is) {
                old.push(format!("{} {}", known.country, was.unwrap_or_default()));
                new.push(format!("{} {is}", known.country));
                taxes::set_included(conn, &id, is)?;
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let (old, new) = (old.join(", "), new.join(", "));
        Ok::<_, AppError>(note(conn, &actor, "prices_include_tax_changed", (&old, &new), now)?)
    })
    .await
}

fn note(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    (old, new): (&str, &str),
    at: NaiveDateTime,
) -> Result<(), DbError> {
    let subject = format!("taxes of company {}", actor.company);
    let event = NewEvent {
        old_value: Some(old).filter(|value| !value.is_empty()),
        new_value: Some(new).filter(|value| !value.is_empty()),
        ..actor.event(action, &subject, at)
    };
    audit::insert(conn, &event)
}
