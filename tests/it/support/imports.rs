//! Importing a file in a browser: upload it, send the columns as they are suggested, import it.

use super::app::TestApp;
use super::browser::{Browser, Page};
use comptoir::domain::file_rows::Subject;
use comptoir::ops::import_files::{FileError, FileReport, Owner, run_file};
use comptoir::worker;

/// Where files of products are imported.
pub(crate) const PRODUCTS: &str = "/sales/products/imports";
/// Where files of offers are imported.
pub(crate) const OFFERS: &str = "/amazon/offers/imports";

/// Uploads a file; answers the page that follows.
pub(crate) async fn upload(browser: &mut Browser, start: &str, content: &[u8]) -> Page {
    let page = browser.get(start).await;
    let answer = browser.upload(&page, start, "products.csv", content).await;
    browser.follow(answer).await
}

/// The address of the import that a page is about.
pub(crate) fn address(page: &Page, start: &str) -> String {
    let id = page.attribute("section.note", "id").unwrap();
    format!("{start}/{}", id.strip_prefix("job-").unwrap())
}

/// Sends the columns as they are suggested, and lets the worker compare the rows.
pub(crate) async fn check(app: &TestApp, browser: &mut Browser, page: &Page, start: &str) -> Page {
    let path = address(page, start);
    let answer = browser.post(&format!("{path}/columns"), &page.fields(&format!("{path}/columns"))).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    worker::perform_due(&app.app).await.unwrap();
    browser.get(&path).await
}

/// Presses the button that imports what was checked, and lets the worker write it.
pub(crate) async fn apply(app: &TestApp, browser: &mut Browser, page: &Page, start: &str) -> Page {
    let path = address(page, start);
    let answer = browser.submit(page, &format!("{path}/apply"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    worker::perform_due(&app.app).await.unwrap();
    browser.get(&path).await
}

/// The counts of a report: new, changed, unchanged, refused.
pub(crate) fn counts(page: &Page) -> Vec<String> {
    page.texts(".counts dd")
}

/// The notes of a line of the report.
pub(crate) fn notes(page: &Page, row: usize) -> String {
    page.text(&format!("section tbody tr:nth-child({row}) td:last-child"))
}

/// Imports a file as the command line does.
pub(crate) fn run(app: &TestApp, subject: Subject, content: &[u8]) -> Result<FileReport, FileError> {
    let owner = Owner { company: app.company.unwrap(), user: None, subject, account: None };
    run_file(&app.app, owner, content, false, |_, _| ())
}
