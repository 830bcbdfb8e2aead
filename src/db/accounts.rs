//! Amazon accounts as they are read and edited.

use super::schema::{account_marketplaces, accounts, locations, teams};
use super::{Conn, DbError, exactly_one};
use crate::domain::account::{AccountState, Override, Use};
use crate::domain::ids::{AccountId, CarrierId, CompanyId, LocationId, MarketplaceId, SellerId, TeamId};
use crate::domain::marketplace::Region;
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use std::collections::HashMap;

/// An account; its secrets are sealed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct AccountRow {
    /// The key.
    pub id: AccountId,
    /// The company.
    pub company_id: CompanyId,
    /// Its name.
    pub name: String,
    /// The seller behind it.
    pub seller_id: SellerId,
    /// Which of Amazon's regions answers.
    region: String,
    /// Whether Amazon is simulated.
    pub is_simulated: bool,
    /// Whether it is synchronized.
    pub state: AccountState,
    /// The team that gets its orders.
    pub team_id: TeamId,
    /// Where its FBA stock is counted.
    pub location_id: LocationId,
    /// Who carries its parcels, if nobody chooses otherwise.
    pub carrier_id: Option<CarrierId>,
    /// Seconds between two synchronizations.
    pub interval_secs: i64,
    /// Up to when orders are known.
    pub last_order_sync: NaiveDateTime,
    /// The owner of the sealed secrets.
    pub public_id: String,
    /// The wrapped key of the secrets.
    pub wrapped_key: Vec<u8>,
    /// The sealed secrets.
    pub sealed: Vec<u8>,
    /// Counts the changes, so that two people never overwrite each other.
    pub version: i64,
    /// When its authorization was forgotten, if it was.
    pub unlinked_at: Option<NaiveDateTime>,
    /// When it was archived, if it was.
    pub archived_at: Option<NaiveDateTime>,
}

impl AccountRow {
    /// Whether it holds an authorization, good or lost.
    pub fn is_linked(&self) -> bool {
        !self.seller_id.as_str().is_empty() && self.unlinked_at.is_none()
    }

    /// What a person did with it.
    pub fn usage(&self) -> Use {
        Use { is_linked: self.is_linked(), is_archived: self.archived_at.is_some() }
    }

    /// Which of Amazon's regions answers.
    pub fn region(&self) -> Option<Region> {
        Region::parse(&self.region)
    }
}

/// An account with the names of its team and its location.
pub type NamedAccount = (AccountRow, String, String);

/// The accounts of a company that are in use, by name; or those that are archived.
pub fn all(conn: &mut Conn, company: CompanyId, are_archived: bool) -> Result<Vec<NamedAccount>, DbError> {
    Ok(each!(conn, |c| {
        accounts::table
            .inner_join(teams::table)
            .inner_join(locations::table)
            .filter(accounts::company_id.eq(company))
            .filter(accounts::archived_at.is_not_null().eq(are_archived))
            .order((accounts::name, accounts::id))
            .select((AccountRow::as_select(), teams::name, locations::name))
            .load(c)
    })?)
}

/// The account with this key, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: AccountId) -> Result<Option<NamedAccount>, DbError> {
    Ok(each!(conn, |c| {
        accounts::table
            .inner_join(teams::table)
            .inner_join(locations::table)
            .filter(accounts::id.eq(id))
            .filter(accounts::company_id.eq(company))
            .select((AccountRow::as_select(), teams::name, locations::name))
            .first(c)
            .optional()
    })?)
}

/// The marketplaces of a company's accounts, and whether they are followed.
pub fn marketplaces(
    conn: &mut Conn,
    company: CompanyId,
) -> Result<HashMap<AccountId, Vec<(MarketplaceId, bool)>>, DbError> {
    let rows: Vec<(AccountId, MarketplaceId, bool)> = each!(conn, |c| {
        account_marketplaces::table
            .inner_join(accounts::table)
            .filter(accounts::company_id.eq(company))
            .order((account_marketplaces::account_id, account_marketplaces::marketplace_id))
            .select((
                account_marketplaces::account_id,
                account_marketplaces::marketplace_id,
                account_marketplaces::is_active,
            ))
            .load(c)
    })?;
    let mut found: HashMap<AccountId, Vec<(MarketplaceId, bool)>> = HashMap::new();
    for (account, marketplace, is_active) in rows {
        found.entry(account).or_default().push((marketplace, is_active));
    }
    Ok(found)
}

/// The other registrations of the same seller that follow a marketplace, with their names.
pub fn followers(
    conn: &mut Conn,
    seller: &SellerId,
    except: AccountId,
) -> Result<Vec<(MarketplaceId, AccountId, String)>, DbError> {
    Ok(each!(conn, |c| {
        account_marketplaces::table
            .inner_join(accounts::table)
            .filter(account_marketplaces::seller_id.eq(seller))
            .filter(account_marketplaces::is_active)
            .filter(account_marketplaces::account_id.ne(except))
            .order(account_marketplaces::marketplace_id)
            .select((account_marketplaces::marketplace_id, accounts::id, accounts::name))
            .load(c)
    })?)
}

/// Changes an account, if nobody changed it since `version` was read.
macro_rules! change {
    ($conn:expr, $id:expr, $version:expr, $changes:expr) => {
        exactly_one(each!($conn, |c| {
            diesel::update(accounts::table.find($id).filter(accounts::version.eq($version)))
                .set(($changes, accounts::version.eq($version + 1)))
                .execute(c)
        })?)
    };
}

/// Changes the team, the location, the carrier and the interval.
pub fn set_follow_up(
    conn: &mut Conn,
    id: AccountId,
    version: i64,
    team: TeamId,
    location: LocationId,
    carrier: Option<CarrierId>,
    interval_secs: i64,
) -> Result<(), DbError> {
    let values = (
        accounts::team_id.eq(team),
        accounts::location_id.eq(location),
        accounts::carrier_id.eq(carrier),
        accounts::interval_secs.eq(interval_secs),
    );
    change!(conn, id, version, values)
}

/// Forgets the authorization: what is sealed anew holds none, and nothing is read any more.
pub fn unlink(
    conn: &mut Conn,
    id: AccountId,
    version: i64,
    sealed: &crate::crypto::Sealed,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let values = (
        accounts::wrapped_key.eq(&sealed.wrapped_key),
        accounts::sealed.eq(&sealed.body),
        accounts::state.eq(AccountState::Paused),
        accounts::unlinked_at.eq(Some(now)),
    );
    change!(conn, id, version, values)
}

/// Takes an account out of lists, or back into them.
pub fn set_archived(conn: &mut Conn, id: AccountId, version: i64, at: Option<NaiveDateTime>) -> Result<(), DbError> {
    change!(conn, id, version, accounts::archived_at.eq(at))
}

/// Moves the date up to which orders are known.
pub fn set_last_order_sync(conn: &mut Conn, id: AccountId, version: i64, date: NaiveDateTime) -> Result<(), DbError> {
    change!(conn, id, version, accounts::last_order_sync.eq(date))
}

/// Lets the next synchronization begin earlier, for a marketplace that another registration followed until then.
pub fn read_on_from(conn: &mut Conn, id: AccountId, date: NaiveDateTime) -> Result<(), DbError> {
    exactly_one(each!(conn, |c| {
        diesel::update(accounts::table.find(id)).set(accounts::last_order_sync.eq(date)).execute(c)
    })?)
}

/// Replaces the sealed secrets.
pub fn set_secrets(
    conn: &mut Conn,
    id: AccountId,
    version: i64,
    sealed: &crate::crypto::Sealed,
) -> Result<(), DbError> {
    change!(conn, id, version, (accounts::wrapped_key.eq(&sealed.wrapped_key), accounts::sealed.eq(&sealed.body)))
}

/// Follows exactly these marketplaces.
pub fn set_marketplaces(
    conn: &mut Conn,
    account: &AccountRow,
    version: i64,
    followed: &[MarketplaceId],
) -> Result<(), DbError> {
    use account_marketplaces::dsl as m;
    change!(&mut *conn, account.id, version, accounts::name.eq(&account.name))?;
    each!(&mut *conn, |c| {
        diesel::update(m::account_marketplaces.filter(m::account_id.eq(account.id)))
            .set(m::is_active.eq(false))
            .execute(c)
    })?;
    for marketplace in followed {
        each!(&mut *conn, |c| {
            diesel::insert_into(m::account_marketplaces)
                .values((
                    m::account_id.eq(account.id),
                    m::marketplace_id.eq(marketplace),
                    m::seller_id.eq(&account.seller_id),
                    m::is_active.eq(true),
                ))
                .on_conflict((m::account_id, m::marketplace_id))
                .do_update()
                .set(m::is_active.eq(true))
                .execute(c)
        })?;
    }
    Ok(())
}

/// A marketplace with its own team, location and carrier.
type Own = (MarketplaceId, Option<TeamId>, Option<LocationId>, Option<CarrierId>);

/// What the marketplaces of an account have of their own.
pub fn overrides(conn: &mut Conn, account: AccountId) -> Result<Vec<(MarketplaceId, Override)>, DbError> {
    use account_marketplaces::dsl as m;
    let rows: Vec<Own> = each!(conn, |c| {
        m::account_marketplaces
            .filter(m::account_id.eq(account))
            .order(m::marketplace_id)
            .select((m::marketplace_id, m::team_id, m::location_id, m::carrier_id))
            .load(c)
    })?;
    let own = |(id, team, location, carrier)| (id, Override { team, location, carrier });
    Ok(rows.into_iter().map(own).collect())
}

/// Gives marketplaces of an account a team, a location and a carrier of their own.
pub fn set_overrides(
    conn: &mut Conn,
    account: &AccountRow,
    version: i64,
    own: &[(MarketplaceId, Override)],
) -> Result<(), DbError> {
    use account_marketplaces::dsl as m;
    change!(&mut *conn, account.id, version, accounts::name.eq(&account.name))?;
    for (marketplace, own) in own {
        let row =
            m::account_marketplaces.filter(m::account_id.eq(account.id)).filter(m::marketplace_id.eq(marketplace));
        let values = (m::team_id.eq(own.team), m::location_id.eq(own.location), m::carrier_id.eq(own.carrier));
        exactly_one(each!(&mut *conn, |c| diesel::update(row).set(values).execute(c))?)?;
    }
    Ok(())
}
