//! Sheets of A4 on which documents are set from top to bottom, with bar codes, tables and page numbers.
//!
//! Places are whole twentieths of a point, so that nothing here is rounded. What does not fit a sheet goes on on the next.

use krilla::Document;
use krilla::color::rgb;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use super::font::{self, MISSING, Weight};
use crate::domain::code128;
use crate::i18n::Lang;

/// The sheet and its margins.
const WIDTH: i64 = 11_906;
const HEIGHT: i64 = 16_838;
pub(super) const LEFT: i64 = 800;
pub(super) const RIGHT: i64 = WIDTH - 800;
const TOP: i64 = 800;
const BOTTOM: i64 = HEIGHT - 1_100;
const FOOT: i64 = HEIGHT - 620;

/// Sizes of letters.
pub(super) const SMALL: i64 = 160;
pub(super) const NORMAL: i64 = 200;
pub(super) const LARGE: i64 = 300;

/// Where a text stands in its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    End,
}

/// One column of a table: its left edge, its width, and where its texts stand.
pub(super) type Column = (i64, i64, Align);

#[derive(Clone, Debug)]
enum Mark {
    Text { x: i64, y: i64, size: i64, weight: Weight, text: String },
    Bars { x: i64, y: i64, height: i64, module: i64, widths: Vec<u8> },
    Rule { y: i64 },
}

/// A document being set.
pub(super) struct Paper {
    lang: Lang,
    title: String,
    /// The sheets, and which of them are counted together: each part of a document has page numbers of its own.
    sheets: Vec<(usize, Vec<Mark>)>,
    feet: Vec<String>,
    y: i64,
    has_missing: bool,
}

impl Paper {
    /// An empty document.
    pub(super) fn new(lang: Lang, title: &str) -> Self {
        Self { lang, title: title.to_owned(), sheets: Vec::new(), feet: Vec::new(), y: TOP, has_missing: false }
    }

    /// Begins a part on a fresh sheet; its foot says what it is.
    pub(super) fn part(&mut self, foot: &str) {
        self.feet.push(foot.to_owned());
        self.turn();
    }

    fn turn(&mut self) {
        self.sheets.push((self.feet.len().saturating_sub(1), Vec::new()));
        self.y = TOP;
    }

    /// How far down the sheet the next line begins.
    pub(super) fn place(&self) -> i64 {
        self.y
    }

    /// Goes on at this height.
    pub(super) fn go_to(&mut self, y: i64) {
        self.y = y;
    }

    /// Leaves room.
    pub(super) fn space(&mut self, height: i64) {
        self.y += height;
    }

    /// Makes sure of this much room; true when a fresh sheet was begun for it.
    pub(super) fn need(&mut self, height: i64) -> bool {
        let is_full = self.y + height > BOTTOM;
        if is_full {
            self.turn();
        }
        is_full
    }

    fn mark(&mut self, mark: Mark) {
        if let Some((_, marks)) = self.sheets.last_mut() {
            marks.push(mark);
        }
    }

    /// Writes one printable line at the present height without moving on.
    fn write(&mut self, x: i64, size: i64, weight: Weight, text: &str) {
        if text.is_empty() {
            return;
        }
        self.has_missing |= text.contains(MISSING);
        // Letters stand on their base line.
        let y = self.y + size;
        self.mark(Mark::Text { x, y, size, weight, text: text.to_owned() });
    }

    /// Writes a text within this room, on as many lines as it takes.
    pub(super) fn text(&mut self, x: i64, room: i64, size: i64, weight: Weight, text: &str) {
        for line in font::lines(text, weight, size, room) {
            self.need(line_height(size));
            self.write(x, size, weight, &line);
            self.y += line_height(size);
        }
    }

    /// Writes a heading, with room for some lines below it on the same sheet.
    pub(super) fn heading(&mut self, text: &str) {
        self.need(line_height(NORMAL) * 3);
        self.space(160);
        self.text(LEFT, RIGHT - LEFT, NORMAL, Weight::Bold, text);
        self.space(40);
    }

    /// Draws a thin line from margin to margin.
    pub(super) fn rule(&mut self) {
        let y = self.y + 20;
        self.mark(Mark::Rule { y });
        self.y += 60;
    }

    /// Draws a bar code, ending at the right margin when `x` is none; what has no code is left out, for its text stands beside it.
    pub(super) fn bar_code(&mut self, x: Option<i64>, height: i64, module: i64, text: &str) {
        let Some(widths) = code128::encode(text) else { return };
        let total: i64 = widths.iter().map(|width| i64::from(*width) * module).sum();
        let x = x.unwrap_or(RIGHT - total);
        let y = self.y;
        self.mark(Mark::Bars { x, y, height, module, widths });
    }

    /// Writes a row of a table; a row that meets the end of the sheet goes on on the next, below the head.
    pub(super) fn row(&mut self, columns: &[Column], head: &[String], cells: &[(String, Weight)]) {
        let broken: Vec<Vec<String>> = columns
            .iter()
            .zip(cells)
            .map(|((_, room, _), (text, weight))| font::lines(text, *weight, NORMAL, *room))
            .collect();
        let count = broken.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..count {
            // A row begins on a sheet only where two of its lines have room.
            let wanted = if at == 0 { count.min(2) } else { 1 };
            let wanted = i64::try_from(wanted).unwrap_or(1) * line_height(NORMAL);
            if self.need(wanted) {
                self.head(columns, head);
            }
            for (((x, room, align), lines), (_, weight)) in columns.iter().zip(&broken).zip(cells) {
                let Some(line) = lines.get(at) else { continue };
                let indent = match align {
                    Align::Start => 0,
                    Align::End => room - font::width(line, *weight, NORMAL),
                };
                self.write(x + indent, NORMAL, *weight, line);
            }
            self.y += line_height(NORMAL);
        }
        self.rule();
    }

    /// Writes the head of a table.
    pub(super) fn head(&mut self, columns: &[Column], head: &[String]) {
        self.need(line_height(NORMAL) * 3);
        for ((x, room, align), text) in columns.iter().zip(head) {
            let text = font::printable(text);
            let indent = match align {
                Align::Start => 0,
                Align::End => room - font::width(&text, Weight::Bold, SMALL),
            };
            self.write(x + indent, SMALL, Weight::Bold, &text);
        }
        self.y += line_height(SMALL);
        self.rule();
    }

    /// The finished document.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, PdfError> {
        let note = self.has_missing.then(|| font::printable(&self.lang.t("print-missing-letters")));
        let (Some(regular), Some(bold)) = (Font::new(font::REGULAR.into(), 0), Font::new(font::BOLD.into(), 0)) else {
            return Err(PdfError::Font);
        };
        let mut document = Document::new();
        document.set_metadata(
            Metadata::new()
                .title(self.title.clone())
                .language(self.lang.code().to_owned())
                .creator("Comptoir".to_owned()),
        );
        let sheets = std::mem::take(&mut self.sheets);
        let parts: Vec<usize> = sheets.iter().map(|(part, _)| *part).collect();
        for (at, (part, marks)) in sheets.into_iter().enumerate() {
            let settings = PageSettings::from_wh(595.3, 841.9).ok_or(PdfError::Page)?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            // One unit is a twentieth of a point from here on.
            surface.push_transform(&Transform::from_scale(0.05, 0.05));
            surface.set_fill(Some(Fill {
                paint: rgb::Color::new(0, 0, 0).into(),
                opacity: NormalizedF32::ONE,
                rule: krilla::paint::FillRule::default(),
            }));
            let mut draw = |mark: &Mark| draw(&mut surface, &regular, &bold, mark);
            marks.iter().for_each(&mut draw);
            let before = parts.iter().take(at).filter(|other| **other == part).count();
            let count = parts.iter().filter(|other| **other == part).count();
            let number = format!("{} / {count}", before + 1);
            let x = RIGHT - font::width(&number, Weight::Regular, SMALL);
            let foot = |x, y, text: String| Mark::Text { x, y, size: SMALL, weight: Weight::Regular, text };
            draw(&foot(x, FOOT, number));
            draw(&foot(LEFT, FOOT, font::printable(self.feet.get(part).map_or("", String::as_str))));
            if let Some(note) = &note {
                draw(&foot(LEFT, FOOT + line_height(SMALL), note.clone()));
            }
            surface.pop();
            surface.finish();
            page.finish();
        }
        document.finish().map_err(PdfError::Write)
    }
}

/// From one line to the next.
fn line_height(size: i64) -> i64 {
    size * 27 / 20
}

/// A place as the drawing wants it; nothing on a sheet is farther than it can say.
fn unit(value: i64) -> f32 {
    f32::from(i16::try_from(value).unwrap_or(i16::MAX))
}

fn fill(surface: &mut Surface<'_>, rects: impl Iterator<Item = (i64, i64, i64, i64)>) {
    let mut path = PathBuilder::new();
    for (x, y, width, height) in rects {
        if let Some(rect) = Rect::from_xywh(unit(x), unit(y), unit(width), unit(height)) {
            path.push_rect(rect);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn draw(surface: &mut Surface<'_>, regular: &Font, bold: &Font, mark: &Mark) {
    match mark {
        Mark::Text { x, y, size, weight, text } => {
            let font = if *weight == Weight::Bold { bold } else { regular };
            let point = Point::from_xy(unit(*x), unit(*y));
            surface.draw_text(point, font.clone(), unit(*size), text, false, TextDirection::Auto);
        }
        Mark::Rule { y } => fill(surface, std::iter::once((LEFT, *y, RIGHT - LEFT, 8))),
        Mark::Bars { x, y, height, module, widths } => {
            let mut at = *x;
            let rects = widths.iter().enumerate().filter_map(|(number, width)| {
                let (start, width) = (at, i64::from(*width) * module);
                at += width;
                number.is_multiple_of(2).then_some((start, *y, width, *height))
            });
            fill(surface, rects);
        }
    }
}

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font of ours cannot be read.
    #[error("a font cannot be read")]
    Font,
    /// The sheet has no size.
    #[error("a sheet has no size")]
    Page,
    /// The document cannot be written.
    #[error("the document cannot be written: {0:?}")]
    Write(KrillaError),
}
