//! How domain values are stored: typed ids, codes and states as database columns.
//!
//! It maps and nothing more: a stored text that no state knows is an error of the row, never a guess.

use crate::domain::access::Role;
use crate::domain::account::{AccountState, AuthorizedBy};
use crate::domain::announcement::{FeedState, MessageOutcome};
use crate::domain::digest::MailProblem;
use crate::domain::file_rows::{ImportState, RowOutcome, Subject};
use crate::domain::ids::{
    AccountId, AddressId, AmazonItemId, AmazonOrderId, Asin, CarrierId, CompanyId, CustomerId, FeedId, FileImportId,
    IssueId, JobId, LocationId, MarketplaceId, MoveId, OfferId, OrderId, OrderLineId, PickingId, ProductId, RunId,
    SellerId, ShipmentId, Sku, TeamId, UserId,
};
use crate::domain::money::Currency;
use crate::domain::offer::MatchedBy;
use crate::domain::order::{Delivery, LineKind, OrderState};
use crate::domain::picking::{AmazonSync, MoveOrigin, PickingKind, PickingState};
use crate::domain::product::ProductType;
use crate::domain::remote::{AmazonStatus, Channel, TaxReading};
use crate::domain::run::{RunCause, RunKind, RunState};
use crate::domain::sync::{Outcome, Rule};
use crate::domain::tax::amount::Agreement;
use crate::domain::tax::decision::{Category, IncomeRole, Row, Treatment};
use crate::domain::tax::place::Country;
use crate::domain::tax::rates::TaxClass;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Nullable, SingleValue, Text};

/// What every column type needs besides reading and writing: use as an expression and in a row.
macro_rules! column {
    ($name:ident, $sql:ident) => {
        impl AsExpression<$sql> for $name {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'expr> AsExpression<$sql> for &'expr $name {
            type Expression = Bound<$sql, &'expr $name>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'expr> AsExpression<$sql> for &&'expr $name {
            type Expression = Bound<$sql, &'expr $name>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(*self)
            }
        }
        impl AsExpression<Nullable<$sql>> for $name {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'expr> AsExpression<Nullable<$sql>> for &'expr $name {
            type Expression = Bound<Nullable<$sql>, &'expr $name>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'expr> AsExpression<Nullable<$sql>> for &&'expr $name {
            type Expression = Bound<Nullable<$sql>, &'expr $name>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(*self)
            }
        }
        impl<DB> ToSql<Nullable<$sql>, DB> for $name
        where
            DB: Backend,
            Self: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<$sql, DB>::to_sql(self, out)
            }
        }
        impl<ST, DB> Queryable<ST, DB> for $name
        where
            DB: Backend,
            ST: SingleValue,
            Self: FromSql<ST, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

/// Keys: stored as BIGINT.
macro_rules! key_columns {
    ($($name:ident),+ $(,)?) => {$(
        impl<DB: Backend> FromSql<BigInt, DB> for $name
        where
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                i64::from_sql(bytes).map($name)
            }
        }
        impl<DB: Backend> ToSql<BigInt, DB> for $name
        where
            i64: ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }
        column!($name, BigInt);
    )+};
}

/// Codes: stored as the text that was received.
macro_rules! code_columns {
    ($($name:ident),+ $(,)?) => {$(
        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                String::from_sql(bytes).map($name)
            }
        }
        impl<DB: Backend> ToSql<Text, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.as_str().to_sql(out)
            }
        }
        column!($name, Text);
    )+};
}

/// States: stored as their code; `$read` turns the stored text into `Option<Self>`.
macro_rules! state_columns {
    ($($name:ident),+ $(,)?) => {$(
        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let text = String::from_sql(bytes)?;
                $name::parse(&text).ok_or_else(|| format!("unknown {} “{text}”", stringify!($name)).into())
            }
        }
        impl<DB: Backend> ToSql<Text, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }
        column!($name, Text);
    )+};
}

key_columns!(
    CompanyId,
    UserId,
    TeamId,
    LocationId,
    CarrierId,
    AccountId,
    ProductId,
    FileImportId,
    OfferId,
    CustomerId,
    AddressId,
    OrderId,
    OrderLineId,
    PickingId,
    ShipmentId,
    FeedId,
    MoveId,
    RunId,
    IssueId,
    JobId
);
code_columns!(AmazonOrderId, AmazonItemId, MarketplaceId, SellerId, Sku, Asin);
state_columns!(
    Role,
    AccountState,
    AuthorizedBy,
    Channel,
    TaxReading,
    OrderState,
    Delivery,
    LineKind,
    PickingState,
    AmazonSync,
    MoveOrigin,
    PickingKind,
    MatchedBy,
    RunKind,
    RunCause,
    RunState,
    Rule,
    Outcome,
    Country,
    TaxClass,
    Row,
    Treatment,
    IncomeRole,
    Category,
    Agreement,
    ProductType,
    ImportState,
    RowOutcome,
    Subject,
    FeedState,
    MessageOutcome,
    MailProblem
);

impl<DB: Backend> FromSql<Text, DB> for AmazonStatus
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        String::from_sql(bytes).map(|text| Self::parse(&text))
    }
}
impl<DB: Backend> ToSql<Text, DB> for AmazonStatus
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_str().to_sql(out)
    }
}
column!(AmazonStatus, Text);

impl<DB: Backend> FromSql<Text, DB> for Currency
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::parse(&String::from_sql(bytes)?)?)
    }
}
impl<DB: Backend> ToSql<Text, DB> for Currency
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_str().to_sql(out)
    }
}
column!(Currency, Text);
