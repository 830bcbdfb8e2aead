//! What an address says, and what is left out of it.

use super::*;

static SPEC: Spec = Spec {
    path: "/sales/orders",
    fields: &[
        Field::key("team"),
        Field::code("state", |code| ["sale", "locked", "cancelled"].contains(&code)),
        Field::days("date"),
        Field::single("order"),
        Field::among("location", |code| code == "amazon"),
    ],
    named: &["late", "gift"],
    sorts: &["date", "number"],
    sort: "-date",
    named_sorts: &[("gift", "number")],
    has_search: true,
};

fn read(query: &str) -> State {
    State::read(&SPEC, query)
}

#[test]
fn an_address_reads_back_to_itself_in_one_order() {
    for (given, tidy) in [
        ("", ""),
        ("state=sale&team=2&state=locked&q=anna", "?q=anna&team=2&state=sale&state=locked"),
        ("not.state=cancelled&is=late&team=1", "?team=1&not.state=cancelled&is=late"),
        ("sort=-date&per=80&q=", ""),
        ("sort=number&per=20&after=5.7", "?sort=number&after=5.7&per=20"),
        ("date=2026-11-01..2026-11-30&is=gift&is=gift", "?date=2026-11-01..2026-11-30&is=gift"),
        ("team=2&team=2", "?team=2"),
        ("q=a%26b", "?q=a%26b"),
    ] {
        let state = read(given);
        assert_eq!(state.url(), format!("/sales/orders{tidy}"), "{given}");
        assert_eq!(read(tidy.trim_start_matches('?')).url(), state.url(), "{given}");
        assert!(state.notices.is_empty(), "{given}: {:?}", state.notices);
    }
}

#[test]
fn a_named_filter_may_bring_its_own_order_until_another_one_is_asked() {
    let state = read("is=gift");
    assert_eq!((state.sorted_by(), state.is_descending()), ("number", false));
    assert_eq!(state.url(), "/sales/orders?is=gift");
    assert_eq!(read("is=gift&sort=number").url(), "/sales/orders?is=gift");
    assert_eq!(state.sorted("date"), "/sales/orders?is=gift&sort=-date");
    assert_eq!(state.without_named("gift"), "/sales/orders");
    assert_eq!(read("is=gift&sort=-date").without_named("gift"), "/sales/orders");
}

#[test]
fn repeated_keys_are_alternatives_and_not_excludes() {
    let state = read("team=2&team=3&not.team=4");
    assert_eq!(state.keys("team", |key| key), Choice { any: vec![2, 3], none: vec![4] });
}

#[test]
fn what_cannot_be_read_is_noticed_and_left_out() {
    for (query, notice) in [
        ("colour=red", Notice::Unknown("colour".to_owned())),
        ("page=abc", Notice::Unknown("page".to_owned())),
        ("state=sold", Notice::Unreadable("state".to_owned(), "sold".to_owned())),
        ("team=x", Notice::Unreadable("team".to_owned(), "x".to_owned())),
        ("date=soon", Notice::Unreadable("date".to_owned(), "soon".to_owned())),
        ("not.date=today", Notice::Unreadable("not.date".to_owned(), "today".to_owned())),
        ("not.order=7", Notice::Unreadable("not.order".to_owned(), "7".to_owned())),
        ("not.location=amazon", Notice::Unreadable("not.location".to_owned(), "amazon".to_owned())),
        ("is=mine", Notice::Unreadable("is".to_owned(), "mine".to_owned())),
        ("sort=colour", Notice::Unreadable("sort".to_owned(), "colour".to_owned())),
        ("per=7", Notice::Unreadable("per".to_owned(), "7".to_owned())),
        ("after=x", Notice::Unreadable("after".to_owned(), "x".to_owned())),
    ] {
        let state = read(query);
        assert_eq!(state.notices, [notice], "{query}");
        assert_eq!(state.url(), "/sales/orders", "{query}");
    }
}

#[test]
fn a_filter_of_a_single_record_holds_the_first_and_says_that_it_left_the_second_out() {
    let state = read("order=7&order=8");
    assert_eq!(state.notices, [Notice::Unreadable("order".to_owned(), "8".to_owned())]);
    assert_eq!(state.url(), "/sales/orders?order=7");
}

#[test]
fn a_plain_form_with_empty_fields_has_a_tidy_address() {
    assert_eq!(read("q=&team=2&state=").tidy().as_deref(), Some("/sales/orders?team=2"));
    assert_eq!(read("q=&colour=red").tidy().as_deref(), Some("/sales/orders?colour=red"));
    assert_eq!(read("team=2&colour=red").tidy(), None);
    let range = read("date=today&date.from=2026-11-01&date.to=2026-11-30");
    assert_eq!(range.tidy().as_deref(), Some("/sales/orders?date=2026-11-01..2026-11-30"));
    assert_eq!(read("date=today&date.from=&date.to=").tidy().as_deref(), Some("/sales/orders?date=today"));
    let held = "date.from=2026-11-01&date.to=2026-11-30&date.held=2026-11-01..2026-11-30";
    let word = read(&format!("date=today&{held}"));
    assert_eq!(
        word.tidy().as_deref(),
        Some("/sales/orders?date=today"),
        "a word was chosen over the range that was held"
    );
    assert_eq!(read(&format!("date=&{held}")).tidy().as_deref(), Some("/sales/orders?date=2026-11-01..2026-11-30"));
}

#[test]
fn links_change_one_thing_and_start_at_the_first_page() {
    let state = read("q=anna&team=2&is=late&after=9.9");
    assert_eq!(state.without("team", false), "/sales/orders?q=anna&is=late");
    assert_eq!(state.without_named("late"), "/sales/orders?q=anna&team=2");
    assert_eq!(state.without_search(), "/sales/orders?team=2&is=late");
    assert_eq!(state.cleared(), "/sales/orders");
    assert_eq!(state.sorted("number"), "/sales/orders?q=anna&team=2&is=late&sort=number");
    assert_eq!(state.sorted("date"), "/sales/orders?q=anna&team=2&is=late&sort=date");
    assert_eq!(read("sort=number").sorted("number"), "/sales/orders?sort=-number");
    assert_eq!(read("sort=number").sorted("date"), "/sales/orders");
    assert_eq!(state.beyond(5, 6, Side::Before), "/sales/orders?q=anna&team=2&is=late&before=5.6");
    assert_eq!(state.sized(20), "/sales/orders?q=anna&team=2&is=late&per=20");
}
