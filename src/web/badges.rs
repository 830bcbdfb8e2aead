//! States as people see them: a shape, a colour and a word.
//!
//! Green only for what was confirmed by the one who decides it; our own intent is at most blue.

use crate::domain::account::Standing;
use crate::domain::order::{Delivery, OrderState};
use crate::domain::picking::{AmazonSync, PickingState};
use crate::domain::remote::{AmazonStatus, Channel};
use crate::domain::run::RunState;
use crate::domain::sync::Outcome;
use crate::i18n::Lang;
use std::borrow::Cow;

/// A state as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// The letter of the style sheet.
    pub kind: &'static str,
    /// The word.
    pub text: Cow<'static, str>,
}

fn badge(lang: Lang, kind: &'static str, prefix: &str, code: &str) -> Badge {
    Badge { kind, text: lang.t(&key(prefix, code)) }
}

/// The message of a state: its codes have underscores, messages have hyphens.
pub fn key(prefix: &str, code: &str) -> String {
    let mut key = String::with_capacity(prefix.len() + 1 + code.len());
    key.push_str(prefix);
    key.push('-');
    key.extend(code.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }));
    key
}

/// A word of ours, without a state behind it.
pub fn flag(lang: Lang, kind: &'static str, key: &str) -> Badge {
    Badge { kind, text: lang.t(key) }
}

/// Where an order stands.
pub fn order(lang: Lang, state: OrderState) -> Badge {
    let kind = if state == OrderState::Sale { "i" } else { "n" };
    badge(lang, kind, "order-state", state.as_str())
}

/// Amazon's status; one that we do not know is shown as Amazon spells it.
pub fn amazon(lang: Lang, status: &AmazonStatus) -> Badge {
    let kind = match status {
        AmazonStatus::PendingAvailability | AmazonStatus::Pending | AmazonStatus::Cancelled => "n",
        AmazonStatus::Unshipped => "w",
        AmazonStatus::PartiallyShipped => "i",
        AmazonStatus::Shipped => "s",
        AmazonStatus::Unfulfillable => "d",
        AmazonStatus::Other(text) => return Badge { kind: "w", text: Cow::Owned(text.clone()) },
    };
    badge(lang, kind, "amazon-status", status.as_str())
}

/// How much of an order has left.
pub fn delivery(lang: Lang, delivery: Delivery) -> Badge {
    let kind = match delivery {
        Delivery::None => "w",
        Delivery::Partial => "i",
        Delivery::Full => "s",
    };
    badge(lang, kind, "delivery", delivery.as_str())
}

/// Where a transfer or a move stands.
pub fn picking(lang: Lang, state: PickingState) -> Badge {
    let kind = match state {
        PickingState::Draft | PickingState::Waiting | PickingState::Cancelled => "n",
        PickingState::Confirmed => "w",
        PickingState::Assigned => "i",
        PickingState::Done => "s",
    };
    badge(lang, kind, "picking-state", state.as_str())
}

/// What Amazon knows of a transfer; nothing when it need not know.
pub fn amazon_sync(lang: Lang, sync: AmazonSync) -> Option<Badge> {
    let kind = match sync {
        AmazonSync::NotNeeded => return None,
        AmazonSync::ToSend | AmazonSync::Unknown => "w",
        AmazonSync::Sent => "i",
        AmazonSync::Ok => "s",
        AmazonSync::Failed => "d",
    };
    Some(badge(lang, kind, "picking-sync", sync.as_str()))
}

/// Where a run stands.
pub fn run(lang: Lang, state: RunState) -> Badge {
    let kind = match state {
        RunState::Queued | RunState::Stopped => "n",
        RunState::Running => "i",
        RunState::Waiting | RunState::Warned => "w",
        RunState::Succeeded => "s",
        RunState::Failed => "d",
    };
    badge(lang, kind, "run-state", state.as_str())
}

/// What happened, or would happen, to an order in a run.
pub fn outcome(lang: Lang, outcome: Outcome, is_preview: bool) -> Badge {
    let kind = match outcome {
        Outcome::Create | Outcome::Update => "i",
        Outcome::Wait => "w",
        Outcome::NeedsDecision | Outcome::Failed => "d",
        Outcome::Cancel | Outcome::Skip | Outcome::Unchanged => "n",
    };
    badge(lang, kind, if is_preview { "outcome-preview" } else { "outcome" }, outcome.as_str())
}

/// How an account stands with Amazon.
pub fn account(lang: Lang, standing: Standing) -> Badge {
    let kind = match standing {
        Standing::Linked => "s",
        Standing::EndsSoon => "w",
        Standing::AuthorizationLost => "d",
        Standing::NotLinked | Standing::Paused | Standing::Archived => "n",
    };
    badge(lang, kind, "account-state", standing.as_str())
}

/// Whether an issue is open, and how bad it is then.
pub fn issue(lang: Lang, state: &str, severity: &str) -> Badge {
    let kind = match (state, severity) {
        ("open", "blocking") => "d",
        ("open", _) => "w",
        ("resolved", _) => "s",
        _ => "n",
    };
    badge(lang, kind, "issue-state", state)
}

/// Who ships, in three letters that the trade knows.
pub const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Fba => "FBA",
        Channel::Fbm => "FBM",
    }
}
