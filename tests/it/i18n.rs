//! Every sentence exists in both languages, and no page holds a word outside the catalogues.

use comptoir::i18n::{AREAS, Lang};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|held| held == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Each key with the variables of its message.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            name.clone_into(&mut key);
            assert!(all.insert(key.clone(), BTreeSet::new()).is_none(), "{key} is written twice");
        }
        for part in line.split('$').skip(1) {
            let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            all.get_mut(&key).unwrap().insert(name);
        }
    }
    all
}

#[test]
fn both_catalogues_have_the_same_keys_with_the_same_variables() {
    let mut keys = BTreeSet::new();
    for (area, english, french) in AREAS {
        let (english, french) = (messages(english), messages(french));
        for (key, variables) in &english {
            assert_eq!(french.get(key), Some(variables), "{area}: {key} in French");
            assert!(keys.insert(key.clone()), "{key} is in two areas");
            assert!(Lang::En.has(key) && Lang::Fr.has(key), "{area}: {key} is not readable");
        }
        assert_eq!(english.len(), french.len(), "{area}: French has keys that English lacks");
    }
    for folder in ["en", "fr"] {
        for path in files(&root().join("src/i18n").join(folder), "ftl") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(AREAS.iter().any(|(area, _, _)| *area == name), "{name}.ftl is not in the list of areas");
        }
    }
}

#[test]
fn french_has_a_space_before_tall_punctuation() {
    for (area, _, french) in AREAS {
        for line in french.lines() {
            let Some((key, text)) = line.split_once(" = ") else { continue };
            let text: String =
                text.split("{ $").map(|part| part.split_once(" }").map_or(part, |(_, rest)| rest)).collect();
            let letters: Vec<char> = text.chars().collect();
            for pair in letters.windows(2) {
                let is_tall = matches!(pair[1], ':' | ';' | '?' | '!' | '»');
                let is_time = pair[0].is_ascii_digit();
                assert!(!is_tall || is_time || matches!(pair[0], '\u{202f}' | '\u{a0}'), "{area}: {key}: {text}");
                assert!(pair[0] != '«' || matches!(pair[1], '\u{202f}' | '\u{a0}'), "{area}: {key}: {text}");
            }
            assert!(!text.contains('\''), "{area}: {key}: straight apostrophe in {text}");
        }
    }
}

/// The literal keys in a source: after `.t("` and `.with("`, `chrome("`, and in Rust after `Rule("`.
fn used_keys(text: &str, is_page: bool) -> Vec<String> {
    let mut keys = Vec::new();
    let openings: &[&str] =
        if is_page { &[".t(\"", ".with(\"", ".chrome(\"", "Rule(\""] } else { &[".t(\"", "Rule(\""] };
    for opening in openings {
        for rest in text.split(opening).skip(1) {
            keys.push(rest.split('"').next().unwrap().to_owned());
        }
    }
    keys
}

#[test]
fn everything_that_has_a_code_has_a_name() {
    use comptoir::domain::access::Role;
    use comptoir::domain::digest::MailProblem;
    use comptoir::ops::set_preferences::THEMES;
    let roles = Role::ALL.iter().map(|role| format!("access-role-{}", role.as_str()));
    let themes = THEMES.iter().map(|theme| format!("me-theme-{theme}"));
    let passwords = ["too-short", "too-long", "too-plain", "too-common", "contains-name"];
    let problems =
        MailProblem::ALL.iter().map(|problem| format!("mail-problem-{}", problem.as_str().replace('_', "-")));
    for key in roles.chain(themes).chain(problems).chain(passwords.iter().map(|reason| format!("password-{reason}"))) {
        assert!(Lang::En.has(&key) && Lang::Fr.has(&key), "{key}");
    }
}

#[test]
fn every_message_that_is_used_exists() {
    let sources = files(&root().join("src"), "rs").into_iter().chain(files(&root().join("templates"), "html"));
    let mut count = 0;
    for path in sources {
        let is_page = path.starts_with(root().join("src/web")) || path.starts_with(root().join("templates"));
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for key in used_keys(line, is_page) {
                count += 1;
                assert!(Lang::En.has(&key), "{}: no message {key}", path.display());
            }
        }
    }
    assert!(count > 50, "the search for keys found only {count}");
}

/// A template without comments, expressions and tags; texts inside readable attributes stay.
fn visible_text(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).map_or(text.len(), |end| start + end + close.len());
            text.replace_range(start..end, "");
        }
    }
    let mut readable = String::new();
    for attribute in ["placeholder=\"", "title=\"", "aria-label=\"", "alt=\"", "data-l=\""] {
        for rest in text.split(attribute).skip(1) {
            readable.push_str(rest.split('"').next().unwrap());
        }
    }
    while let Some(start) = text.find('<') {
        let end = text[start..].find('>').map_or(text.len(), |end| start + end + 1);
        text.replace_range(start..end, "");
    }
    text + &readable
}

#[test]
fn no_template_holds_a_word_outside_the_catalogues() {
    // The simulated Amazon is a tool for developers, with a face of its own.
    let ours = files(&root().join("templates"), "html")
        .into_iter()
        .filter(|path| !path.to_str().unwrap().contains("/sandbox/"));
    for path in ours {
        let text = visible_text(&std::fs::read_to_string(&path).unwrap());
        let words: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        assert!(words.is_empty(), "{}: “{}”", path.display(), text.trim());
    }
}
