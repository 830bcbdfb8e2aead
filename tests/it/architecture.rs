//! The house keeps its shape: arrows point down only, files stay short, and each module says what it is for.

use std::path::{Path, PathBuf};

/// Each layer with the layers it may use, besides the foundations and itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("db", &["domain"]),
    ("amazon", &["domain"]),
    ("export", &["domain", "i18n"]),
    ("sheet", &["domain"]),
    ("i18n", &["domain"]),
    ("ops", &["domain", "db", "amazon", "export", "sheet"]),
    ("worker", &["domain", "db", "ops", "amazon"]),
    ("web", &["domain", "db", "ops", "export", "sheet", "i18n"]),
    ("sandbox", &["clock"]),
];

/// What any layer but `domain` and `sandbox` may use.
const FOUNDATIONS: &[&str] = &["app", "clock", "config", "crypto", "error", "telemetry", "mail"];

/// The longest file, in lines, without its unit tests.
const LONGEST: usize = 450;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|held| held == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The parts of the crate that a source names after `crate::`, in `use` lines and inline.
fn named_layers(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| {
            let names = rest.strip_prefix('{').map_or(rest, |group| group.split('}').next().unwrap());
            let parts: Vec<&str> = if rest.starts_with('{') { names.split(',').collect() } else { vec![names] };
            parts.into_iter().map(|part| {
                part.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
            })
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn arrows_point_down_only() {
    let src = root().join("src");
    let mut wrong = Vec::new();
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
        let layer = inside.split(['/', '.']).next().unwrap();
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == layer) else { continue };
        let is_pure = matches!(layer, "domain" | "sandbox");
        for named in named_layers(&std::fs::read_to_string(&path).unwrap()) {
            let is_layer = ARROWS.iter().any(|(name, _)| *name == named) || FOUNDATIONS.contains(&named.as_str());
            let is_allowed = named == layer
                || allowed.contains(&named.as_str())
                || (!is_pure && FOUNDATIONS.contains(&named.as_str()));
            if is_layer && !is_allowed {
                wrong.push(format!("{inside} uses {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_says_what_it_is_for_and_stays_short() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")).into_iter().chain(sources(&root().join("tests"))) {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        // The schema is generated.
        if name.ends_with("db/schema.rs") {
            continue;
        }
        if !text.starts_with("//! ") {
            wrong.push(format!("{name} does not say what it is for"));
        }
        let lines = text.split("#[cfg(test)]").next().unwrap().lines().count();
        if lines >= LONGEST && name.starts_with("src/") {
            wrong.push(format!("{name} has {lines} lines"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
