//! The team and the location *Amazon* of a company, and products that a demonstration starts with.

use super::schema::{companies, locations, products, teams};
use super::{Conn, DbError, product_words};
use crate::domain::ids::{CompanyId, LocationId, ProductId, TeamId};
use crate::domain::product::words_of;
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

/// The name of the team that accounts share by default.
pub const AMAZON_TEAM: &str = "Amazon";
/// The code of the location that accounts share by default.
pub const AMAZON_LOCATION: &str = "Amazon/FBA";

/// The team and the location that a new account shares with the other accounts of its company.
pub fn amazon_team_and_location(conn: &mut Conn, company: CompanyId) -> Result<Option<(TeamId, LocationId)>, DbError> {
    let team: Option<TeamId> = each!(&mut *conn, |c| teams::table
        .filter(teams::company_id.eq(company))
        .filter(teams::name.eq(AMAZON_TEAM))
        .select(teams::id)
        .first(c)
        .optional())?;
    let location: Option<LocationId> = each!(conn, |c| locations::table
        .filter(locations::company_id.eq(company))
        .filter(locations::code.eq(AMAZON_LOCATION))
        .select(locations::id)
        .first(c)
        .optional())?;
    Ok(team.zip(location))
}

/// The first company of the installation.
pub fn first_company(conn: &mut Conn) -> Result<Option<CompanyId>, DbError> {
    Ok(each!(conn, |c| companies::table.order(companies::id).select(companies::id).first(c).optional())?)
}

/// Adds products with these references and names.
pub fn insert_products(
    conn: &mut Conn,
    company: CompanyId,
    wanted: &[(&str, &str)],
    now: NaiveDateTime,
) -> Result<(), DbError> {
    for (reference, name) in wanted {
        let row = (
            products::company_id.eq(company),
            products::reference.eq(*reference),
            products::name.eq(*name),
            products::kind.eq("goods"),
            products::is_active.eq(true),
            products::created_at.eq(now),
        );
        let id: ProductId = each!(&mut *conn, |c| diesel::insert_into(products::table)
            .values(row)
            .returning(products::id)
            .get_result(c))?;
        product_words::insert(conn, company, &[(id, words_of(reference, name, None))])?;
    }
    Ok(())
}
