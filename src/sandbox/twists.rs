//! Orders that are told wrongly or in words nobody has heard yet.
//!
//! A twist must never change what the simulator knows: it only changes what is sent.

use serde_json::{Map, Value, json};

use super::faults::FaultKind;
use super::included::Included;
use super::quota::Operation;
use super::render::View;
use super::state::{Stored, World};

/// The twists of one answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Twist(Vec<FaultKind>);

/// Decides which twists the next answer has.
pub(crate) fn draw(world: &mut World, operation: Operation, seller: usize) -> Twist {
    let kinds = [FaultKind::UnknownValues, FaultKind::NewFields, FaultKind::Nulls, FaultKind::FalselyCancelled];
    Twist(kinds.into_iter().filter(|kind| world.strikes(*kind, operation, seller)).collect())
}

impl Twist {
    /// The JSON of an order, with the changes tests have asked for and the twists of this answer.
    pub(crate) fn render(&self, stored: &Stored, view: &View) -> Value {
        let mut json = if stored.patches.is_empty() {
            stored.order.to_json(view)
        } else {
            let mut complete = stored.order.to_json(&View { included: Included::ALL, ..*view });
            for patch in &stored.patches {
                patch(&mut complete);
            }
            view.included.prune(&mut complete);
            complete
        };
        self.apply(&mut json);
        json
    }

    fn apply(&self, order: &mut Value) {
        if self.0.contains(&FaultKind::FalselyCancelled)
            && let Some(status) = order.pointer_mut("/fulfillment/fulfillmentStatus")
            && matches!(status.as_str(), Some("UNSHIPPED" | "PARTIALLY_SHIPPED"))
        {
            *status = Value::from("CANCELLED");
        }
        if self.0.contains(&FaultKind::UnknownValues) {
            use_unknown_values(order);
        }
        if self.0.contains(&FaultKind::NewFields) {
            for pointer in ["", "/buyer", "/recipient/deliveryAddress", "/fulfillment", "/proceeds", "/salesChannel"] {
                set(order, pointer, "fieldOfTomorrow", &json!({ "nested": [1, "two", null] }));
            }
            for item in items(order) {
                set(item, "", "fieldOfTomorrow", &json!(true));
                set(item, "/product", "fieldOfTomorrow", &json!("unknown"));
            }
        }
        if self.0.contains(&FaultKind::Nulls) {
            for name in ["programs", "orderAliases", "associatedOrders"] {
                set(order, "", name, &Value::Null);
            }
            set(order, "/buyer", "buyerEmail", &Value::Null);
            for name in ["phone", "addressLine2", "stateOrRegion"] {
                set(order, "/recipient/deliveryAddress", name, &Value::Null);
            }
            for item in items(order) {
                set(item, "", "programs", &Value::Null);
                set(item, "", "measurement", &Value::Null);
                set(item, "/product", "condition", &Value::Null);
            }
        }
    }
}

fn use_unknown_values(order: &mut Value) {
    set(order, "", "programs", &json!(["PROGRAM_OF_TOMORROW"]));
    set(order, "/fulfillment", "fulfillmentStatus", &json!("HELD_FOR_INSPECTION"));
    set(order, "/fulfillment", "fulfillmentServiceLevel", &json!("DRONE"));
    set(order, "/recipient/deliveryAddress", "addressType", &json!("SPACE_STATION"));
    for item in items(order) {
        set(item, "/product/condition", "conditionType", &json!("ANTIQUE"));
        set(item, "", "programs", &json!(["PROGRAM_OF_TOMORROW"]));
    }
}

/// Sets a field of the object at `pointer`, if there is such an object.
fn set(value: &mut Value, pointer: &str, name: &str, field: &Value) {
    if let Some(map) = value.pointer_mut(pointer).and_then(Value::as_object_mut) {
        let map: &mut Map<String, Value> = map;
        map.insert(name.to_owned(), field.clone());
    }
}

fn items(order: &mut Value) -> impl Iterator<Item = &mut Value> {
    order.get_mut("orderItems").and_then(Value::as_array_mut).into_iter().flatten()
}
