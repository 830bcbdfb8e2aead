//! Orders written the way Amazon writes them.
//!
//! Every shape comes from Amazon's model `orders_2026-01-01`; it must never be bent to what Comptoir expects.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::included::Included;
use super::money::money;
use super::order::{Channel, Item, Order, Status};
use super::packages::{Package, Parcel};
use super::settings::Settings;
use super::totals::{ItemTotals, item_totals};

/// An instant as the Orders API writes it, with milliseconds.
pub(crate) fn instant(when: DateTime<Utc>) -> String {
    when.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// What the renderer must know besides the order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) included: Included,
    pub(crate) settings: Settings,
    pub(crate) now: DateTime<Utc>,
}

/// Sets a field unless the text is empty: Amazon leaves out what it does not give.
fn put(map: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        map.insert(name.to_owned(), Value::from(text));
    }
}

impl Order {
    /// The `Order` object, with the parts that `view` asks for.
    pub(crate) fn to_json(&self, view: &View) -> Value {
        let mut map = Map::new();
        put(&mut map, "orderId", &self.id);
        map.insert("createdTime".to_owned(), instant(self.created).into());
        map.insert("lastUpdatedTime".to_owned(), instant(self.updated).into());
        if let Some(alias) = &self.alias {
            map.insert("orderAliases".to_owned(), json!([{ "aliasId": alias, "aliasType": "SELLER_ORDER_ID" }]));
        }
        if !self.programs.is_empty() {
            map.insert("programs".to_owned(), json!(self.programs));
        }
        if let Some(original) = &self.replaces {
            let link = json!([{ "orderId": original, "associationType": "REPLACEMENT_ORIGINAL_ID" }]);
            map.insert("associatedOrders".to_owned(), link);
        }
        let market = self.market;
        let channel = json!({ "channelName": "AMAZON", "marketplaceId": market.id, "marketplaceName": market.name });
        map.insert("salesChannel".to_owned(), channel);
        let totals: Vec<ItemTotals> = self.items.iter().map(|item| item_totals(item, market, view.settings)).collect();
        self.put_parts(&mut map, view, &totals);
        let items = self.items.iter().zip(&totals).map(|(item, totals)| self.item_json(item, totals, view));
        map.insert("orderItems".to_owned(), items.collect());
        Value::Object(map)
    }

    /// Adds the order-level parts that have to be asked for.
    fn put_parts(&self, map: &mut Map<String, Value>, view: &View, totals: &[ItemTotals]) {
        let included = view.included;
        // Amazon does not tell who bought before the payment is settled.
        let is_known = !matches!(self.status, Status::Pending | Status::PendingAvailability);
        if included.has(Included::BUYER) && is_known {
            map.insert("buyer".to_owned(), self.buyer_json());
        }
        if included.has(Included::RECIPIENT) && is_known {
            map.insert("recipient".to_owned(), json!({ "deliveryAddress": self.address_json(view) }));
        }
        if included.has(Included::FULFILLMENT) {
            map.insert("fulfillment".to_owned(), self.fulfillment_json());
        }
        if included.has(Included::PROCEEDS) && !self.amounts_hidden {
            map.insert("proceeds".to_owned(), self.proceeds_json(totals));
        }
        if included.has(Included::PACKAGES) && !self.packages.is_empty() {
            let shown = self.packages.iter().filter_map(|package| Some((package, package.shown.as_ref()?)));
            let shown: Vec<Value> = shown.map(|(package, parcel)| self.package_json(package, parcel)).collect();
            if !shown.is_empty() {
                map.insert("packages".to_owned(), shown.into());
            }
        }
        if included.has(Included::TAX) && !self.buyer.vat_number.is_empty() {
            map.insert("tax".to_owned(), self.tax_json());
        }
        if included.has(Included::PAYMENT) && is_known && !self.amounts_hidden {
            let paid = self.money(totals.iter().map(|item| item.total).sum::<i64>() + self.tip);
            let execution = json!([{ "paymentMethod": self.payment_method, "paymentAmount": paid }]);
            map.insert("payment".to_owned(), json!({ "paymentExecutions": execution }));
        }
    }

    fn money(&self, minor: i64) -> Value {
        money(minor, self.market.currency, self.market.decimals)
    }

    /// Buyer data; the e-mail is given only for merchant orders that are to be or were shipped.
    ///
    /// Source: Selling Partner API documentation, Access Orders PII.
    fn buyer_json(&self) -> Value {
        let mut map = Map::new();
        put(&mut map, "buyerName", &self.buyer.name);
        if self.channel == Channel::Merchant && self.status != Status::Cancelled {
            put(&mut map, "buyerEmail", &self.buyer.email);
        }
        put(&mut map, "buyerCompanyName", &self.buyer.company);
        put(&mut map, "buyerPurchaseOrderNumber", &self.buyer.purchase_order);
        Value::Object(map)
    }

    /// Address data; the telephone number disappears once a shipped order is past its delivery date.
    ///
    /// Source: Selling Partner API documentation, Access Orders PII.
    fn address_json(&self, view: &View) -> Value {
        let address = &self.address;
        let mut map = Map::new();
        put(&mut map, "name", &address.name);
        put(&mut map, "companyName", &address.company);
        for (name, line) in ["addressLine1", "addressLine2", "addressLine3"].into_iter().zip(&address.lines) {
            put(&mut map, name, line);
        }
        put(&mut map, "city", &address.city);
        put(&mut map, "stateOrRegion", &address.state);
        put(&mut map, "postalCode", &address.postal_code);
        put(&mut map, "countryCode", address.country);
        if self.status != Status::Shipped || view.now <= self.deliver_by {
            put(&mut map, "phone", &address.phone);
        }
        if address.country == "BR"
            && let Some((street, number)) = address.lines.first().and_then(|line| line.rsplit_once(' '))
        {
            let fields = json!({ "streetName": street, "streetNumber": number, "neighborhood": "Centro" });
            map.insert("extendedFields".to_owned(), fields);
        }
        put(&mut map, "addressType", address.kind);
        Value::Object(map)
    }

    fn fulfillment_json(&self) -> Value {
        json!({
            "fulfillmentStatus": self.status.word(),
            "fulfilledBy": self.channel.word(),
            "fulfillmentServiceLevel": self.service,
            "shipByWindow": { "earliestDateTime": instant(self.created), "latestDateTime": instant(self.ship_by) },
            "deliverByWindow": { "earliestDateTime": instant(self.ship_by), "latestDateTime": instant(self.deliver_by) },
        })
    }

    /// The sums over the lines, plus the tip, which belongs to no line.
    fn proceeds_json(&self, totals: &[ItemTotals]) -> Value {
        let mut breakdowns: Vec<(&'static str, i64)> = Vec::new();
        for (name, amount) in totals.iter().flat_map(ItemTotals::breakdowns) {
            match breakdowns.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += amount,
                None => breakdowns.push((name, amount)),
            }
        }
        let sums = breakdowns.into_iter().map(|(name, sum)| json!({ "type": name, "subtotal": self.money(sum) }));
        let tip = (self.tip > 0)
            .then(|| json!({ "type": "DELIVERY_TIP", "status": "FINALIZED", "subtotal": self.money(self.tip) }));
        let grand_total = totals.iter().map(|item| item.total).sum::<i64>() + self.tip;
        json!({ "grandTotal": self.money(grand_total), "breakdowns": sums.chain(tip).collect::<Vec<_>>() })
    }

    fn package_json(&self, package: &Package, parcel: &Parcel) -> Value {
        let contents = parcel.contents.iter().map(|(id, quantity)| json!({ "orderItemId": id, "quantity": quantity }));
        json!({
            "packageReferenceId": package.reference,
            "createdTime": instant(parcel.shipped),
            "packageStatus": { "status": package.status },
            "carrier": if parcel.carrier == "Other" { &parcel.carrier_name } else { &parcel.carrier },
            "shipTime": instant(parcel.shipped),
            "shippingService": if parcel.method.is_empty() { self.service } else { &parcel.method },
            "trackingNumber": parcel.tracking,
            "shipFromAddress": {
                "name": "Comptoir démo", "addressLine1": "12 quai des Entrepôts", "city": "Nantes",
                "postalCode": "44200", "countryCode": "FR",
            },
            "packageItems": contents.collect::<Vec<_>>(),
        })
    }

    fn tax_json(&self) -> Value {
        let registration = match self.market.country {
            "BR" => "CNPJ",
            "US" | "CA" => "BUSINESS",
            _ => "VAT",
        };
        json!({ "taxRegistrations": [{
            "entityType": "BUYER",
            "legalName": self.buyer.company,
            "taxRegistrationType": registration,
            "taxRegistrationNumber": self.buyer.vat_number,
        }] })
    }

    fn item_json(&self, item: &Item, totals: &ItemTotals, view: &View) -> Value {
        let included = view.included;
        let mut map = Map::new();
        put(&mut map, "orderItemId", &item.id);
        map.insert("quantityOrdered".to_owned(), item.quantity.into());
        let mut product = Map::new();
        put(&mut product, "asin", &item.asin);
        put(&mut product, "title", &item.title);
        put(&mut product, "sellerSku", item.sku.as_deref().unwrap_or_default());
        product.insert("condition".to_owned(), json!({ "conditionType": "NEW", "conditionSubtype": "NEW" }));
        if !self.amounts_hidden {
            let mut price = json!({ "unitPrice": self.money(item.unit_price) });
            if item.business_price
                && let Some(price) = price.as_object_mut()
            {
                put(price, "priceDesignation", "BUSINESS_PRICE");
            }
            product.insert("price".to_owned(), price);
        }
        map.insert("product".to_owned(), Value::Object(product));
        if included.has(Included::PROCEEDS) && !self.amounts_hidden {
            map.insert("proceeds".to_owned(), self.item_proceeds(totals));
        }
        if included.has(Included::EXPENSE) && item.points > 0 {
            let granted = json!({ "pointsNumber": item.points, "pointsMonetaryValue": self.money(item.points) });
            map.insert("expense".to_owned(), json!({ "pointsCost": { "pointsGranted": granted } }));
        }
        if included.has(Included::PROMOTION) && !item.promotions.is_empty() {
            let list: Vec<Value> = item.promotions.iter().map(|id| json!({ "promotionId": id })).collect();
            map.insert("promotion".to_owned(), json!({ "breakdowns": list }));
        }
        if included.has(Included::CANCELLATION) {
            put_cancellation(&mut map, item);
        }
        if included.has(Included::FULFILLMENT) {
            map.insert("fulfillment".to_owned(), self.item_fulfillment(item));
        }
        if included.has(Included::TAX) && item.facilitated {
            let responsible = format!("{} Services", self.market.name);
            let collection = json!([{ "model": "MARKETPLACE_FACILITATOR", "responsibleParty": responsible }]);
            let tax = if item.imported {
                json!({ "taxCalculationBreakdowns": [{ "reportingScheme": "IOSS" }], "taxCollections": collection })
            } else {
                json!({ "taxCollections": collection })
            };
            map.insert("tax".to_owned(), tax);
        }
        Value::Object(map)
    }

    fn item_proceeds(&self, totals: &ItemTotals) -> Value {
        let breakdowns: Vec<Value> = totals
            .breakdowns()
            .map(|(name, subtotal)| {
                let mut entry = json!({ "type": name, "subtotal": self.money(subtotal) });
                let details: Vec<Value> = totals
                    .details(name)
                    .map(|(subtype, value)| json!({ "subtype": subtype, "value": self.money(value) }))
                    .collect();
                if !details.is_empty()
                    && let Some(entry) = entry.as_object_mut()
                {
                    entry.insert("detailedBreakdowns".to_owned(), details.into());
                }
                entry
            })
            .collect();
        json!({ "proceedsTotal": self.money(totals.total), "breakdowns": breakdowns })
    }

    fn item_fulfillment(&self, item: &Item) -> Value {
        let open = if self.status == Status::Cancelled { 0 } else { item.quantity - item.fulfilled };
        let mut value = json!({ "quantityFulfilled": item.fulfilled, "quantityUnfulfilled": open });
        if let Some(message) = &item.gift_message
            && let Some(map) = value.as_object_mut()
        {
            let gift = json!({ "giftMessage": message, "giftWrapLevel": "Classique" });
            map.insert("packing".to_owned(), json!({ "giftOption": gift }));
        }
        if item.imported
            && let Some(map) = value.as_object_mut()
        {
            let number = json!({ "internationalShipping": { "iossNumber": "IM2760000742" } });
            map.insert("shipping".to_owned(), number);
        }
        value
    }
}

fn put_cancellation(map: &mut Map<String, Value>, item: &Item) {
    let mut cancellation = Map::new();
    if let Some(reason) = item.cancel_request {
        let request = json!({ "requester": "BUYER", "cancelReason": reason });
        cancellation.insert("cancellationRequest".to_owned(), request);
    }
    if let Some((by, reason)) = item.cancelled {
        let execution = json!({ "cancelledBy": by, "cancelReason": reason });
        cancellation.insert("cancellationExecution".to_owned(), execution);
    }
    if !cancellation.is_empty() {
        map.insert("cancellation".to_owned(), Value::Object(cancellation));
    }
}
