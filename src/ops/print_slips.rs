//! Printing delivery slips: what stands on them is read, and when a person prints them it is noted by whom.
//!
//! The two are apart because looking at an address changes nothing: only a form that was sent does.
//! From then on a change of the address is a reason to warn. It must never note personal data.

use super::{Actor, reserve_stock};
use crate::app::App;
use crate::db::customers::{self, AddressRow};
use crate::db::orders::{self, LineRow, OrderRow};
use crate::db::picking_slips::{self, Goods};
use crate::db::pickings::{self, PickingRow};
use crate::db::{audit, companies};
use crate::domain::access::Action;
use crate::domain::ids::PickingId;
use crate::error::AppError;

/// How many slips one document holds at most.
pub const MOST: usize = 200;

/// What stands on one slip; the address and the gift messages are still sealed.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The transfer.
    pub transfer: PickingRow,
    /// Its order.
    pub order: OrderRow,
    /// The lines of the order.
    pub lines: Vec<LineRow>,
    /// Where it goes.
    pub address: Option<AddressRow>,
    /// What is inside.
    pub goods: Vec<Goods>,
    /// The transfers that bring the rest.
    pub followed_by: Vec<PickingId>,
}

/// Fails unless between one and [`MOST`] transfers are chosen.
pub fn check(ids: &[PickingId]) -> Result<(), AppError> {
    match ids.len() {
        0 => Err(AppError::Rule("print-none-chosen")),
        1..=MOST => Ok(()),
        _ => Err(AppError::Rule("print-too-many")),
    }
}

/// Notes that the slips of these transfers are printed, and by whom.
pub async fn note(app: &App, actor: &Actor, ids: Vec<PickingId>) -> Result<(), AppError> {
    actor.must(Action::PrintSlips)?;
    check(&ids)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        reserve_stock::own(conn, &actor, &ids)?;
        picking_slips::mark_printed(conn, &ids, now)?;
        let subjects: Vec<String> = ids.iter().map(|id| format!("picking {id}")).collect();
        let events: Vec<_> = subjects.iter().map(|subject| actor.event("slip_printed", subject, now)).collect();
        Ok::<_, AppError>(audit::insert_all(conn, &events)?)
    })
    .await
}

/// Reads what stands on the slips of these transfers; also the company's name.
pub async fn read(app: &App, actor: &Actor, ids: Vec<PickingId>) -> Result<(String, Vec<Sheet>), AppError> {
    actor.must(Action::PrintSlips)?;
    check(&ids)?;
    let company = actor.company;
    app.read(move |conn| {
        let transfers = pickings::some(conn, company, &ids)?;
        if !ids.iter().all(|id| transfers.iter().any(|row| row.id == *id)) {
            return Err(AppError::NotFound);
        }
        let goods = picking_slips::goods(conn, &ids)?;
        let backorders = picking_slips::backorders_of(conn, &ids)?;
        let mut sheets = Vec::new();
        for transfer in transfers {
            let order = orders::by_id(conn, company, transfer.order_id)?.ok_or(AppError::NotFound)?;
            let lines = orders::lines(conn, order.head.id)?.into_iter().map(|(line, _)| line).collect();
            let address = order.address_id.map(|id| customers::address(conn, id)).transpose()?.flatten();
            let goods = goods.iter().filter(|goods| goods.picking_id == Some(transfer.id)).cloned().collect();
            let follows = backorders.iter().filter(|(of, _)| *of == Some(transfer.id));
            let followed_by = follows.map(|(_, id)| *id).collect();
            sheets.push(Sheet { transfer, order, lines, address, goods, followed_by });
        }
        Ok::<_, AppError>((companies::by_id(conn, company)?.name, sheets))
    })
    .await
}
