//! One synchronization run: what it is for, who asked, where it stands and what it counted.

use super::coded::coded;
use super::sync::Outcome;

coded! {
    /// What a run does.
    RunKind {
        /// Reads orders and writes them.
        Orders = "orders",
        /// Reads orders and writes nothing: what a forced date would do.
        Preview = "preview",
        /// Reads single orders by their reference.
        Recover = "recover",
        /// Tells Amazon what was shipped.
        Pickings = "pickings",
    }
}

coded! {
    /// Who or what asked for a run.
    RunCause {
        /// The interval of the account.
        Schedule = "schedule",
        /// A person in the browser.
        User = "user",
        /// The command line.
        Command = "command",
    }
}

coded! {
    /// Where a run stands.
    RunState {
        /// Asked for, not started.
        Queued = "queued",
        /// At work.
        Running = "running",
        /// Paused until Amazon allows the next call.
        Waiting = "waiting",
        /// Finished.
        Succeeded = "succeeded",
        /// Finished, with orders that need attention.
        Warned = "warned",
        /// Given up; the date was not moved.
        Failed = "failed",
        /// Stopped by a person; the date was not moved.
        Stopped = "stopped",
    }
}

impl RunState {
    /// Whether the run has not ended.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Waiting)
    }
}

/// What a run counted so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Pages read from Amazon.
    pub pages: i64,
    /// Orders read.
    pub read: i64,
    /// Orders created here.
    pub created: i64,
    /// Orders changed here.
    pub updated: i64,
    /// Orders cancelled here.
    pub cancelled: i64,
    /// Orders that were as we know them.
    pub unchanged: i64,
    /// Orders that are not ready yet.
    pub waiting: i64,
    /// Orders that are not for this account.
    pub skipped: i64,
    /// Orders that need attention: quarantined, or a decision is needed.
    pub failed: i64,
}

impl Counts {
    /// Counts one more order with this outcome.
    pub const fn add(&mut self, outcome: Outcome) {
        self.read += 1;
        match outcome {
            Outcome::Create => self.created += 1,
            Outcome::Update => self.updated += 1,
            Outcome::Cancel => self.cancelled += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Wait => self.waiting += 1,
            Outcome::Skip => self.skipped += 1,
            Outcome::NeedsDecision | Outcome::Failed => self.failed += 1,
        }
    }

    /// The counts after one more page.
    #[must_use]
    pub const fn with_page(self, page: &Self) -> Self {
        Self {
            pages: self.pages + 1,
            read: self.read + page.read,
            created: self.created + page.created,
            updated: self.updated + page.updated,
            cancelled: self.cancelled + page.cancelled,
            unchanged: self.unchanged + page.unchanged,
            waiting: self.waiting + page.waiting,
            skipped: self.skipped + page.skipped,
            failed: self.failed + page.failed,
        }
    }

    /// How a run that read everything ends.
    pub const fn final_state(&self) -> RunState {
        if self.failed > 0 { RunState::Warned } else { RunState::Succeeded }
    }
}

/// What a recovery run still has to read; kept with the run, so that it goes on after a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recovery {
    /// The references that were not read yet.
    pub references: Vec<super::ids::AmazonOrderId>,
}

impl Recovery {
    /// The most references in one request; each costs one call (getOrder refills one call in two seconds).
    pub const MOST: usize = 50;

    /// Reads references, one per line; also answers the lines that do not look like one.
    pub fn parse(text: &str) -> (Self, Vec<String>) {
        use super::ids::AmazonOrderId;
        let lines = text.split(['\n', ',', ';']).map(str::trim).filter(|line| !line.is_empty());
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for line in lines {
            let reference = AmazonOrderId::from(line);
            if !AmazonOrderId::looks_right(line) {
                bad.push(line.chars().take(40).collect());
            } else if !good.contains(&reference) {
                good.push(reference);
            }
        }
        (Self { references: good }, bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_counted_once_as_read_and_once_by_its_outcome() {
        let mut counts = Counts::default();
        for outcome in Outcome::ALL {
            counts.add(*outcome);
        }
        let parts = counts.created + counts.updated + counts.cancelled + counts.unchanged + counts.waiting;
        assert_eq!(counts.read, parts + counts.skipped + counts.failed);
        assert_eq!(counts.final_state(), RunState::Warned);
        assert_eq!(Counts::default().final_state(), RunState::Succeeded);
    }

    #[test]
    fn references_are_read_one_per_line_and_wrong_ones_are_named() {
        let (good, bad) = Recovery::parse(" 902-1106328-1059050\n\n902-110\n902-1106328-1059050\n402-5550003-0012345 ");
        assert_eq!(good.references.len(), 2);
        assert_eq!(bad, ["902-110"]);
    }
}
