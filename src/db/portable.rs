//! The few expressions that each database spells its own way, or that diesel has no word for.

use super::paging::MOST_COUNTED;
use super::{Conn, DbError};
use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::dsl::sql;
use diesel::expression::{
    AppearsOnTable, AsExpression, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, SingleValue, SqlType, Timestamp};
use diesel::{QueryResult, RunQueryDsl};
use std::marker::PhantomData;

/// The database's own clock in UTC: leases are compared on it, so that nodes with wrong clocks agree.
pub fn now(conn: &mut Conn) -> Result<NaiveDateTime, DbError> {
    Ok(match conn {
        Conn::Sqlite(c) => diesel::select(sql::<Timestamp>("strftime('%Y-%m-%d %H:%M:%f', 'now')")).get_result(c)?,
        Conn::Pg(c) => diesel::select(sql::<Timestamp>("(clock_timestamp() AT TIME ZONE 'UTC')")).get_result(c)?,
    })
}

/// A condition or a value spelled out; many an index is used for its very words only.
///
/// Unlike diesel's own literal it lets the prepared statement be kept, so lists do not prepare it for every page.
#[derive(Debug)]
pub struct Spelled<T> {
    words: &'static str,
    kind: PhantomData<T>,
}

/// The condition or value of SQL type `T` that is written `words`; columns carry the name of their table.
pub const fn spelled<T>(words: &'static str) -> Spelled<T> {
    Spelled { words, kind: PhantomData }
}

impl<T> Clone for Spelled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Spelled<T> {}

impl<T: SqlType + TypedExpressionType> Expression for Spelled<T> {
    type SqlType = T;
}

impl<T, DB: Backend> QueryFragment<DB> for Spelled<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.words);
        Ok(())
    }
}

impl<T> QueryId for Spelled<T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, Group> ValidGrouping<Group> for Spelled<T> {
    type IsAggregate = is_aggregate::No;
}

impl<T, From> AppearsOnTable<From> for Spelled<T> where Self: Expression {}

impl<T, From> SelectableExpression<From> for Spelled<T> where Self: AppearsOnTable<From> {}

/// Two columns compared with two values as one: the form that walks an index to any depth of a list at the same cost.
#[derive(Clone, Copy, Debug)]
pub struct Beyond<A, B, X, Y> {
    columns: (A, B),
    values: (X, Y),
    ascending: bool,
}

/// Rows that come after `values` when sorted by both columns, upwards or downwards.
pub fn beyond<A, B, X, Y>(
    columns: (A, B),
    values: (X, Y),
    ascending: bool,
) -> Beyond<A, B, X::Expression, Y::Expression>
where
    A: Expression<SqlType: SqlType + SingleValue>,
    B: Expression<SqlType: SqlType + SingleValue>,
    X: AsExpression<A::SqlType>,
    Y: AsExpression<B::SqlType>,
{
    Beyond { columns, values: (values.0.as_expression(), values.1.as_expression()), ascending }
}

impl<A, B, X, Y> Expression for Beyond<A, B, X, Y>
where
    A: Expression,
    B: Expression,
    X: Expression,
    Y: Expression,
{
    type SqlType = Bool;
}

impl<DB, A, B, X, Y> QueryFragment<DB> for Beyond<A, B, X, Y>
where
    DB: Backend,
    A: QueryFragment<DB>,
    B: QueryFragment<DB>,
    X: QueryFragment<DB>,
    Y: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.columns.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.columns.1.walk_ast(out.reborrow())?;
        out.push_sql(if self.ascending { ") > (" } else { ") < (" });
        self.values.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.values.1.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

impl<A, B, X, Y> QueryId for Beyond<A, B, X, Y> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<A, B, X, Y, Group> ValidGrouping<Group> for Beyond<A, B, X, Y> {
    type IsAggregate = is_aggregate::No;
}

impl<A, B, X, Y, From> AppearsOnTable<From> for Beyond<A, B, X, Y>
where
    Self: Expression,
    A: AppearsOnTable<From>,
    B: AppearsOnTable<From>,
    X: AppearsOnTable<From>,
    Y: AppearsOnTable<From>,
{
}

impl<A, B, X, Y, From> SelectableExpression<From> for Beyond<A, B, X, Y> where Self: AppearsOnTable<From> {}

/// The first rows of a query, as many as `most`.
///
/// The number is spelled out. As a bound value it is unknown when a plan is made for keeping: PostgreSQL then expects a tenth of
/// all rows, keeps no plan and makes one for each page (docs/performance.md).
#[derive(Clone, Copy, Debug)]
pub struct Limited<Q> {
    /// The query, without a limit of its own.
    pub query: Q,
    /// The number of rows.
    pub most: i64,
}

impl<Q: Query> Query for Limited<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, DB> QueryFragment<DB> for Limited<Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.most.to_string());
        Ok(())
    }
}

impl<Q> QueryId for Limited<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, C> RunQueryDsl<C> for Limited<Q> {}

/// How many rows a query has, counted up to one more than [`MOST_COUNTED`].
#[derive(Clone, Copy, Debug)]
pub struct Counted<Q>(Limited<Q>);

impl<Q> Counted<Q> {
    /// Counts the rows of `query`, which has no limit of its own.
    pub const fn of(query: Q) -> Self {
        Self(Limited { query, most: MOST_COUNTED + 1 })
    }
}

impl<Q: Query> Query for Counted<Q> {
    type SqlType = BigInt;
}

impl<Q, DB> QueryFragment<DB> for Counted<Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS counted");
        Ok(())
    }
}

impl<Q> QueryId for Counted<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, C> RunQueryDsl<C> for Counted<Q> {}
