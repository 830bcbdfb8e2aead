//! Somebody changed a record while its form was open: both values beside each other, and what can be done next.
//!
//! Nothing is decided here: what one typed is kept until its owner saves it over the other, or lets the other stand.

/// One field whose stored value is not the one that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field, in the reader's language.
    pub label: String,
    /// What is stored now.
    pub theirs: String,
    /// What was typed.
    pub mine: String,
}

/// What the macro of `parts/conflict.html` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Where the form goes, to save what was typed all the same.
    pub action: String,
    /// What that form holds besides its token: the version that is stored now, and everything that was typed.
    pub fields: Vec<(&'static str, String)>,
    /// The fields that differ.
    pub differences: Vec<Difference>,
    /// The page that shows only what is stored.
    pub keep: String,
}

impl Conflict {
    /// A form that goes to `action` again with the record's `version` of now; `keep` leads to what is stored.
    pub fn new(action: String, version: i64, keep: String) -> Self {
        Self { action, fields: vec![("version", version.to_string())], differences: Vec::new(), keep }
    }

    /// The same for what has no version: the form says again what is stored now, as `seen`.
    pub fn unversioned(action: String, seen: String, keep: String) -> Self {
        Self { action, fields: vec![("seen", seen)], differences: Vec::new(), keep }
    }

    /// A field of the form that nobody looks at.
    pub fn carry(&mut self, name: &'static str, value: impl Into<String>) {
        self.fields.push((name, value.into()));
    }

    /// Adds what is stored and what was typed in one field, unless they are the same.
    pub fn compare(&mut self, label: impl Into<String>, theirs: impl Into<String>, mine: impl Into<String>) {
        let (theirs, mine) = (theirs.into(), mine.into());
        if theirs != mine {
            self.differences.push(Difference { label: label.into(), theirs, mine });
        }
    }
}
