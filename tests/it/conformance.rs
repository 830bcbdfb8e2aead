//! Every answer of the simulated Amazon has the shape of Amazon's published model.
//!
//! The models are not part of this repository: the directory that holds `orders_2026-01-01.json` and `sellers.json` is named by the environment
//! variable `SPAPI_MODELS`. Without it the tests say so and pass.

use std::path::Path;

use comptoir::sandbox::{Channel, DiscountSign, MARKETS, OrderKind, OrderSpec, Settings, Status};
use serde_json::Value;

use crate::sandbox::{Amazon, Reply};

const ORDERS: &str = "/orders/2026-01-01/orders";

/// The parsed model of orders, if the environment names one.
fn model() -> Option<Value> {
    model_of("orders_2026-01-01.json")
}

/// A parsed model, if the environment names their directory.
fn model_of(file: &str) -> Option<Value> {
    let directory = std::env::var("SPAPI_MODELS").unwrap_or_default();
    if directory.is_empty() {
        println!("skipped: SPAPI_MODELS does not name the directory of Amazon's models");
        return None;
    }
    let text = std::fs::read_to_string(Path::new(&directory).join(file)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// Compares a value with a Swagger 2.0 schema and notes every deviation with its path.
fn check(model: &Value, schema: &Value, value: &Value, path: &str, deviations: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').unwrap();
        let target = model.pointer(pointer).unwrap_or_else(|| panic!("{path}: the model has no {reference}"));
        return check(model, target, value, path, deviations);
    }
    let is_right_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        other => panic!("{path}: the checker does not know the type {other:?}"),
    };
    if !is_right_type {
        deviations.push(format!("{path}: {value} is not of type {}", schema["type"]));
        return;
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        deviations.push(format!("{path}: {value} is not one of {allowed:?}"));
    }
    if let Some(text) = value.as_str() {
        let is_right = match schema["format"].as_str() {
            Some("date-time") => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
            Some("date") => text.parse::<chrono::NaiveDate>().is_ok(),
            _ => true,
        };
        if !is_right {
            deviations.push(format!("{path}: {text:?} is not a {}", schema["format"]));
        }
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        check(model, &schema["items"], item, &format!("{path}[{at}]"), deviations);
    }
    let Some(fields) = value.as_object() else { return };
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !fields.contains_key(required) {
            deviations.push(format!("{path}: the field {required} is missing"));
        }
    }
    for (name, field) in fields {
        match schema["properties"].get(name) {
            Some(schema) => check(model, schema, field, &format!("{path}.{name}"), deviations),
            None => deviations.push(format!("{path}.{name}: the model has no such field")),
        }
    }
}

/// The words that the description of an open enumeration lists as possible values.
fn possible_values<'a>(model: &'a Value, definition: &str, property: &str) -> Vec<&'a str> {
    let description = &model["definitions"][definition]["properties"][property]["description"];
    let (_, list) = description.as_str().unwrap().split_once("**Possible value").unwrap();
    let is_word = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    list.split('`').skip(1).step_by(2).filter(is_word).collect()
}

/// Fails with all deviations of one answer.
fn conforms(model: &Value, path: &str, reply: &Reply) {
    conforms_to(model, "get", path, reply);
}

/// Fails with all deviations of one answer to a call of this method.
fn conforms_to(model: &Value, method: &str, path: &str, reply: &Reply) {
    let response = &model["paths"][path][method]["responses"][reply.status.to_string()];
    let schema = &response["schema"];
    if response.is_object() && schema.is_null() {
        assert_eq!(reply.body, "", "{path} {}: the model has no body", reply.status);
        return assert!(reply.headers.contains_key("x-amzn-requestid"));
    }
    assert!(schema.is_object(), "the model has no answer {} for {path}: {}", reply.status, reply.body);
    let mut deviations = Vec::new();
    check(model, schema, &reply.body, "$", &mut deviations);
    assert!(deviations.is_empty(), "{path} {}:\n{}", reply.status, deviations.join("\n"));
    assert!(reply.headers.contains_key("x-amzn-requestid"));
}

/// The values of `includedData`, as the model lists them.
fn included_data(model: &Value) -> Vec<String> {
    let parameters = model["paths"][ORDERS]["get"]["parameters"].as_array().unwrap();
    let parameter = parameters.iter().find(|parameter| parameter["name"] == "includedData").unwrap();
    let words = parameter["items"]["enum"].as_array().unwrap();
    words.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// A simulator with a scenario and, besides, every kind of order in every marketplace.
async fn everything() -> Amazon {
    let amazon = Amazon::start(300).await;
    let state = amazon.sandbox.state();
    for market in MARKETS {
        for kind in OrderKind::ALL {
            for (channel, status) in [
                (Channel::Amazon, Status::Shipped),
                (Channel::Merchant, Status::PartiallyShipped),
                (Channel::Merchant, Status::Cancelled),
                (Channel::Merchant, Status::Pending),
            ] {
                let marketplace = market.id.to_owned();
                state.place_order(OrderSpec { marketplace, channel, kind, status, ..OrderSpec::default() }).unwrap();
            }
        }
    }
    state.advance(std::time::Duration::from_mins(10));
    amazon
}

#[tokio::test]
async fn every_order_has_the_shape_of_the_model() {
    let Some(model) = model() else { return };
    let amazon = everything().await;
    let all = included_data(&model).join(",");
    let mut seen = 0;
    for discount_sign in [DiscountSign::Negative, DiscountSign::Positive] {
        amazon.sandbox.state().set_settings(Settings { vat_included: false, discount_sign, ..Settings::default() });
        for market in MARKETS {
            let mut token: Option<String> = None;
            loop {
                let mut query = vec![("marketplaceIds", market.id), ("includedData", &all)];
                if let Some(token) = &token {
                    query.push(("paginationToken", token));
                }
                let reply = amazon.search(&query).await;
                assert_eq!(reply.status, 200, "{}", reply.body);
                conforms(&model, ORDERS, &reply);
                seen += reply.body["orders"].as_array().unwrap().len();
                token = reply.body.pointer("/pagination/nextToken").and_then(Value::as_str).map(str::to_owned);
                if token.is_none() {
                    break;
                }
            }
        }
    }
    let expected = amazon.sandbox.state().orders().len();
    assert_eq!(seen, expected * 2, "every order was looked at");
}

#[tokio::test]
async fn each_part_alone_has_the_shape_of_the_model() {
    let Some(model) = model() else { return };
    let amazon = Amazon::start(60).await;
    for part in included_data(&model) {
        let reply = amazon.search(&[("includedData", &part)]).await;
        assert_eq!(reply.status, 200, "{part}");
        conforms(&model, ORDERS, &reply);
    }
    conforms(&model, ORDERS, &amazon.search(&[]).await);
}

#[tokio::test]
async fn one_order_has_the_shape_of_the_model() {
    let Some(model) = model() else { return };
    let amazon = Amazon::start(60).await;
    let all = included_data(&model).join(",");
    for order in amazon.sandbox.state().orders() {
        for query in [vec![], vec![("includedData", all.as_str())]] {
            let reply = amazon.get(&format!("{ORDERS}/{}", order.order_id), &query).await;
            assert_eq!(reply.status, 200);
            conforms(&model, "/orders/2026-01-01/orders/{orderId}", &reply);
        }
    }
}

#[tokio::test]
async fn open_enumerations_use_the_words_of_the_model() {
    let Some(model) = model() else { return };
    let amazon = everything().await;
    let lists: &[(&str, &str, &str)] = &[
        ("Order", "programs", "/programs"),
        ("AssociatedOrder", "associationType", "/associatedOrders/*/associationType"),
        ("SalesChannel", "channelName", "/salesChannel/channelName"),
        ("OrderFulfillment", "fulfilledBy", "/fulfillment/fulfilledBy"),
        ("OrderFulfillment", "fulfillmentServiceLevel", "/fulfillment/fulfillmentServiceLevel"),
        ("OrderProceedsBreakdown", "type", "/proceeds/breakdowns/*/type"),
        ("OrderProceedsBreakdown", "status", "/proceeds/breakdowns/*/status"),
        ("CustomerAddress", "addressType", "/recipient/deliveryAddress/addressType"),
        ("ItemProceedsBreakdown", "type", "/orderItems/*/proceeds/breakdowns/*/type"),
        (
            "ItemProceedsDetailedBreakdown",
            "subtype",
            "/orderItems/*/proceeds/breakdowns/*/detailedBreakdowns/*/subtype",
        ),
        ("ItemCondition", "conditionType", "/orderItems/*/product/condition/conditionType"),
        ("ItemPrice", "priceDesignation", "/orderItems/*/product/price/priceDesignation"),
        ("ItemCancellationRequest", "requester", "/orderItems/*/cancellation/cancellationRequest/requester"),
        ("ItemCancellationExecution", "cancelledBy", "/orderItems/*/cancellation/cancellationExecution/cancelledBy"),
        ("ItemTaxCollection", "model", "/orderItems/*/tax/taxCollections/*/model"),
        ("OrderTaxRegistration", "entityType", "/tax/taxRegistrations/*/entityType"),
        ("OrderTaxRegistration", "taxRegistrationType", "/tax/taxRegistrations/*/taxRegistrationType"),
    ];
    let state = amazon.sandbox.state();
    let orders: Vec<Value> = state.orders().iter().map(|order| state.order_json(&order.order_id).unwrap()).collect();
    for (definition, property, path) in lists {
        let allowed = possible_values(&model, definition, property);
        let steps: Vec<&str> = path.split('/').skip(1).collect();
        let mut found = Vec::new();
        for order in &orders {
            walk(order, &steps, &mut found);
        }
        assert!(!found.is_empty(), "no order has {path}");
        for word in found {
            assert!(allowed.contains(&word), "{path}: {word} not in {allowed:?}");
        }
    }
}

/// Collects the texts at a path; `*` stands for every entry of a list.
fn walk<'a>(value: &'a Value, steps: &[&str], found: &mut Vec<&'a str>) {
    match steps {
        [] => match value {
            Value::String(text) => found.push(text),
            Value::Array(list) => found.extend(list.iter().filter_map(Value::as_str)),
            _ => {}
        },
        ["*", rest @ ..] => value.as_array().into_iter().flatten().for_each(|entry| walk(entry, rest, found)),
        [step, rest @ ..] => value.get(*step).into_iter().for_each(|field| walk(field, rest, found)),
    }
}

#[tokio::test]
async fn every_error_has_the_shape_of_the_model() {
    use comptoir::sandbox::{FaultKind, FaultSettings};
    let Some(model) = model() else { return };
    let amazon = Amazon::start(3).await;
    conforms(&model, ORDERS, &amazon.search(&[("createdAfter", "TEST_CASE_400")]).await);
    let one = "/orders/2026-01-01/orders/{orderId}";
    conforms(&model, one, &amazon.get(&format!("{ORDERS}/TEST_CASE_400"), &[]).await);
    let missing = amazon.get(&format!("{ORDERS}/999-0000000-0000000"), &[]).await;
    assert_eq!(missing.status, 404);
    conforms(&model, one, &missing);
    let faults = [
        (FaultKind::Throttled, 429),
        (FaultKind::ThrottledWithHeaders, 429),
        (FaultKind::InternalFailure, 500),
        (FaultKind::ServiceUnavailable, 503),
        (FaultKind::ExpireTokens, 403),
    ];
    for (kind, status) in faults {
        amazon.sandbox.state().set_fault(kind, FaultSettings::times(1));
        let reply = amazon.search(&[]).await;
        assert_eq!(reply.status, status);
        conforms(&model, ORDERS, &reply);
    }
}

#[tokio::test]
async fn every_parameter_of_the_model_is_accepted() {
    let Some(model) = model() else { return };
    let amazon = Amazon::start(60).await;
    let first = amazon.search(&[("maxResultsPerPage", "5")]).await;
    let token = first.body["pagination"]["nextToken"].as_str().unwrap();
    for parameter in model["paths"][ORDERS]["get"]["parameters"].as_array().unwrap() {
        let name = parameter["name"].as_str().unwrap();
        let all_words = parameter["items"]["enum"]
            .as_array()
            .map(|words| words.iter().map(|word| word.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(","));
        let example = &parameter["x-example"];
        let example = match example {
            Value::Array(list) => list.iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>().join(","),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let value = all_words.unwrap_or(example);
        let query: Vec<(&str, &str)> = match name {
            "createdBefore" => vec![("createdAfter", "2025-01-01T00:00:00Z"), (name, &value)],
            "lastUpdatedBefore" => vec![("lastUpdatedAfter", "2025-01-01T00:00:00Z"), (name, &value)],
            "paginationToken" => vec![(name, token)],
            _ => vec![(name, &value)],
        };
        let reply = amazon.search(&query).await;
        assert_eq!(reply.status, 200, "{name}={value}: {}", reply.body);
    }
}

#[tokio::test]
async fn the_marketplaces_of_a_seller_have_the_shape_of_the_model() {
    use comptoir::sandbox::{FaultKind, FaultSettings, Operation};
    const PARTICIPATIONS: &str = "/sellers/v1/marketplaceParticipations";
    let Some(model) = model_of("sellers.json") else { return };
    let amazon = Amazon::start(3).await;
    let reply = amazon.get(PARTICIPATIONS, &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(reply.body["payload"].as_array().unwrap().len() > 5);
    conforms(&model, PARTICIPATIONS, &reply);
    for (kind, status) in
        [(FaultKind::Throttled, 429), (FaultKind::InternalFailure, 500), (FaultKind::ExpireTokens, 403)]
    {
        let operation = Some(Operation::MarketplaceParticipations);
        amazon.sandbox.state().set_fault(kind, FaultSettings { operation, ..FaultSettings::times(1) });
        let reply = amazon.get(PARTICIPATIONS, &[]).await;
        assert_eq!(reply.status, status);
        conforms(&model, PARTICIPATIONS, &reply);
    }
}

#[tokio::test]
async fn a_part_of_orders_without_the_role_is_refused_with_the_error_of_the_model() {
    let Some(model) = model() else { return };
    let amazon = Amazon::start(3).await;
    amazon.sandbox.state().refuse("RECIPIENT", true).unwrap();
    let reply = amazon.search(&[("includedData", "BUYER,RECIPIENT")]).await;
    assert_eq!(reply.status, 403);
    conforms(&model, ORDERS, &reply);
    assert_eq!(amazon.search(&[("includedData", "BUYER")]).await.status, 200);
}

#[tokio::test]
async fn every_answer_to_a_confirmed_parcel_has_the_shape_of_the_model() {
    use comptoir::sandbox::{FaultKind, FaultSettings, Operation};
    const CONFIRM: &str = "/orders/v0/orders/{orderId}/shipmentConfirmation";
    let Some(model) = model_of("ordersV0.json") else { return };
    let amazon = Amazon::start(0).await;
    let order = amazon.state().place_order(OrderSpec::default()).unwrap();
    let order = amazon.state().order(&order).unwrap();
    let path = format!("/orders/v0/orders/{}/shipmentConfirmation", order.order_id);
    let body = serde_json::json!({
        "marketplaceId": order.marketplace_id,
        "packageDetail": {
            "packageReferenceId": "1", "carrierCode": "Colissimo", "trackingNumber": "6A123",
            "shipDate": "2026-03-10T12:00:00Z",
            "orderItems": [{ "orderItemId": order.items[0].order_item_id, "quantity": 1 }],
        },
    });
    let request = serde_json::json!({ "$ref": "#/definitions/ConfirmShipmentRequest" });
    let mut deviations = Vec::new();
    check(&model, &request, &body, "$", &mut deviations);
    assert!(deviations.is_empty(), "{deviations:?}");
    let reply = amazon.call(&path, &body).await;
    assert_eq!(reply.status, 204, "{}", reply.body);
    conforms_to(&model, "post", CONFIRM, &reply);
    let refused = amazon.call(&path, &serde_json::json!({})).await;
    assert_eq!(refused.status, 400);
    conforms_to(&model, "post", CONFIRM, &refused);
    let missing = amazon.call(&path.replace(&order.order_id, "999-0000000-0000000"), &body).await;
    assert_eq!(missing.status, 404);
    conforms_to(&model, "post", CONFIRM, &missing);
    for (kind, status) in [
        (FaultKind::Throttled, 429),
        (FaultKind::InternalFailure, 500),
        (FaultKind::ServiceUnavailable, 503),
        (FaultKind::ExpireTokens, 403),
    ] {
        let operation = Some(Operation::ConfirmShipment);
        amazon.state().set_fault(kind, FaultSettings { operation, ..FaultSettings::times(1) });
        let reply = amazon.call(&path, &body).await;
        assert_eq!(reply.status, status);
        conforms_to(&model, "post", CONFIRM, &reply);
    }
}

#[tokio::test]
async fn every_answer_of_the_feeds_has_the_shape_of_the_model() {
    use comptoir::sandbox::{FaultKind, FaultSettings, Operation};
    const DOCUMENTS: &str = "/feeds/2021-06-30/documents";
    const DOCUMENT: &str = "/feeds/2021-06-30/documents/{feedDocumentId}";
    const FEEDS: &str = "/feeds/2021-06-30/feeds";
    const FEED: &str = "/feeds/2021-06-30/feeds/{feedId}";
    let Some(model) = model_of("feeds_2021-06-30.json") else { return };
    let amazon = Amazon::start(0).await;
    let kind = serde_json::json!({ "contentType": "text/xml; charset=UTF-8" });
    let document = amazon.call(DOCUMENTS, &kind).await;
    assert_eq!(document.status, 201, "{}", document.body);
    conforms_to(&model, "post", DOCUMENTS, &document);
    conforms_to(&model, "post", DOCUMENTS, &amazon.call(DOCUMENTS, &serde_json::json!({})).await);
    let url = document.body["url"].as_str().unwrap();
    let put = amazon.http.put(url).header("content-type", "text/xml; charset=UTF-8").body("<a/>");
    assert_eq!(put.send().await.unwrap().status(), 200);
    let wish = serde_json::json!({
        "feedType": "POST_ORDER_FULFILLMENT_DATA",
        "marketplaceIds": ["A13V1IB3VIYZZH"],
        "inputFeedDocumentId": document.body["feedDocumentId"],
    });
    let mut deviations = Vec::new();
    let schema = serde_json::json!({ "$ref": "#/definitions/CreateFeedSpecification" });
    check(&model, &schema, &wish, "$", &mut deviations);
    assert!(deviations.is_empty(), "{deviations:?}");
    let made = amazon.call(FEEDS, &wish).await;
    assert_eq!(made.status, 202, "{}", made.body);
    conforms_to(&model, "post", FEEDS, &made);
    let path = format!("{FEEDS}/{}", made.body["feedId"].as_str().unwrap());
    for _ in 0..3 {
        conforms(&model, FEED, &amazon.get(&path, &[]).await);
        amazon.state().advance(std::time::Duration::from_secs(10));
    }
    let feed = amazon.get(&path, &[]).await;
    let result = format!("{DOCUMENTS}/{}", feed.body["resultFeedDocumentId"].as_str().unwrap());
    let report = amazon.get(&result, &[]).await;
    assert_eq!(report.status, 200);
    conforms(&model, DOCUMENT, &report);
    for (path, place) in [(format!("{FEEDS}/1"), FEED), (format!("{DOCUMENTS}/1"), DOCUMENT)] {
        let reply = amazon.get(&path, &[]).await;
        assert_eq!(reply.status, 404);
        conforms(&model, place, &reply);
    }
    for (kind, status) in
        [(FaultKind::Throttled, 429), (FaultKind::InternalFailure, 500), (FaultKind::ExpireTokens, 403)]
    {
        let operation = Some(Operation::CreateFeed);
        amazon.state().set_fault(kind, FaultSettings { operation, ..FaultSettings::times(1) });
        let reply = amazon.call(FEEDS, &wish).await;
        assert_eq!(reply.status, status);
        conforms_to(&model, "post", FEEDS, &reply);
    }
}
