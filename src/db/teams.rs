//! The short lists that filters and forms offer: teams, locations and accounts by name.

use super::schema::{account_marketplaces, accounts, locations, teams};
use super::{Conn, DbError};
use crate::domain::ids::{AccountId, CompanyId, LocationId, TeamId};
use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl};

/// The sales teams of a company, by name.
pub fn names(conn: &mut Conn, company: CompanyId) -> Result<Vec<(TeamId, String)>, DbError> {
    Ok(each!(conn, |c| {
        teams::table
            .filter(teams::company_id.eq(company))
            .order((teams::name, teams::id))
            .select((teams::id, teams::name))
            .load(c)
    })?)
}

/// The accounts that give orders to each team, with their names: all of theirs, or those of single marketplaces.
pub fn users(conn: &mut Conn, company: CompanyId) -> Result<Vec<(TeamId, AccountId, String)>, DbError> {
    let mut users: Vec<(TeamId, AccountId, String)> = each!(&mut *conn, |c| {
        accounts::table
            .filter(accounts::company_id.eq(company))
            .select((accounts::team_id, accounts::id, accounts::name))
            .load(c)
    })?;
    users.extend(each!(conn, |c| {
        account_marketplaces::table
            .inner_join(accounts::table)
            .filter(accounts::company_id.eq(company))
            .filter(account_marketplaces::is_active)
            .filter(account_marketplaces::team_id.is_not_null())
            .select((account_marketplaces::team_id.assume_not_null(), accounts::id, accounts::name))
            .load::<(TeamId, AccountId, String)>(c)
    })?);
    users.sort_by(|one, other| (one.0, &one.2, one.1).cmp(&(other.0, &other.2, other.1)));
    users.dedup();
    Ok(users)
}

/// Adds a team.
pub fn insert(conn: &mut Conn, company: CompanyId, name: &str) -> Result<TeamId, DbError> {
    let row = (teams::company_id.eq(company), teams::name.eq(name));
    Ok(each!(conn, |c| diesel::insert_into(teams::table).values(row).returning(teams::id).get_result(c))?)
}

/// The stock locations of a company, by name.
pub fn locations(conn: &mut Conn, company: CompanyId) -> Result<Vec<(LocationId, String)>, DbError> {
    Ok(each!(conn, |c| {
        locations::table
            .filter(locations::company_id.eq(company))
            .order((locations::name, locations::id))
            .select((locations::id, locations::name))
            .load(c)
    })?)
}

/// The Amazon accounts of a company that are in use, by name.
pub fn accounts_in_use(conn: &mut Conn, company: CompanyId) -> Result<Vec<(AccountId, String)>, DbError> {
    Ok(each!(conn, |c| {
        accounts::table
            .filter(accounts::company_id.eq(company))
            .filter(accounts::archived_at.is_null())
            .order((accounts::name, accounts::id))
            .select((accounts::id, accounts::name))
            .load(c)
    })?)
}

/// The Amazon accounts of a company, by name; archived ones too, since their orders stay.
pub fn accounts(conn: &mut Conn, company: CompanyId) -> Result<Vec<(AccountId, String)>, DbError> {
    Ok(each!(conn, |c| {
        accounts::table
            .filter(accounts::company_id.eq(company))
            .order((accounts::name, accounts::id))
            .select((accounts::id, accounts::name))
            .load(c)
    })?)
}
