//! What happens in a shop, told so that an accountant can check it.

mod announcements;
mod any_order;
mod cancellations;
mod deliveries;
mod digests;
mod faults;
mod feeds;
mod first_orders;
mod forced_date;
mod kits;
mod packing;
mod registrations;
mod repeated;
mod reservations;
mod returns;
mod shipments;
mod two_parcels;
mod undone;
mod unmatched_skus;
