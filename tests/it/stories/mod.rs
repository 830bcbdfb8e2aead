//! What happens in a shop, told so that an accountant can check it.

mod announcements;
mod cancellations;
mod deliveries;
mod digests;
mod faults;
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
mod unmatched_skus;
