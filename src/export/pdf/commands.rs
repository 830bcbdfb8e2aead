//! The sheet of command codes: what a scanner reads from it does what a button does.

use super::font::Weight;
use super::paper::{LARGE, LEFT, NORMAL, Paper, PdfError, RIGHT, SMALL};
use crate::domain::picking::scan::Command;
use crate::i18n::Lang;

/// The commands and the message that says what each does.
pub const COMMANDS: [(Command, &str); 5] = [
    (Command::Validate, "print-command-validate"),
    (Command::ShipAll, "print-command-ship-all"),
    (Command::Undo, "print-command-undo"),
    (Command::Next, "print-command-next"),
    (Command::Print, "print-command-print"),
];

/// The sheet as a document.
pub fn scan_commands(lang: Lang) -> Result<Vec<u8>, PdfError> {
    let title = lang.t("print-commands").into_owned();
    let mut paper = Paper::new(lang, &title);
    paper.part(&title);
    paper.text(LEFT, RIGHT - LEFT, LARGE, Weight::Bold, &title);
    paper.text(LEFT, RIGHT - LEFT, NORMAL, Weight::Regular, &lang.t("print-commands-hint"));
    for (command, key) in COMMANDS {
        paper.space(500);
        paper.text(LEFT, RIGHT - LEFT, 240, Weight::Bold, &lang.t(key));
        paper.space(120);
        // The blank margin of ten modules that belongs to a code.
        paper.bar_code(Some(LEFT + 300), 1_000, 30, command.as_str());
        paper.space(1_040);
        paper.text(LEFT + 300, RIGHT - LEFT - 300, SMALL, Weight::Regular, command.as_str());
    }
    paper.finish()
}
