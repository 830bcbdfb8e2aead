//! A browser without a screen: it keeps cookies, reads forms and sends them as a person would.

use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder};
use scraper::{Html, Selector};
use std::collections::BTreeMap;

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Page {
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: String,
}

impl Page {
    /// A header as text; empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where the answer sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    /// The texts of all elements that match, trimmed, with single spaces.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.body)
            .select(&selector)
            .map(|element| element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The value of the choice with this text.
    pub(crate) fn option(&self, selector: &str, text: &str) -> Option<String> {
        let selector = Selector::parse(&format!("{selector} option")).unwrap();
        let html = Html::parse_document(&self.body);
        let found = html.select(&selector).find(|option| option.text().collect::<String>().trim() == text)?;
        found.value().attr("value").map(str::to_owned)
    }

    /// The text of the first element that matches.
    pub(crate) fn text(&self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_else(|| panic!("no {selector} in {}", self.body))
    }

    /// Whether any element matches.
    pub(crate) fn has(&self, selector: &str) -> bool {
        !self.texts(selector).is_empty()
    }

    /// An attribute of the first element that matches.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let selector = Selector::parse(selector).unwrap();
        let document = Html::parse_document(&self.body);
        document.select(&selector).next().and_then(|element| element.attr(name)).map(ToOwned::to_owned)
    }

    /// An attribute of all elements that match and have it.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let document = Html::parse_document(&self.body);
        document.select(&selector).filter_map(|element| element.attr(name)).map(ToOwned::to_owned).collect()
    }

    /// The fields of the form with this action, as a browser would send them untouched, without its buttons.
    pub(crate) fn fields(&self, action: &str) -> Vec<(String, String)> {
        let document = Html::parse_document(&self.body);
        // A button may send its form elsewhere.
        let form = format!("form[action=\"{action}\"], form:has(button[formaction=\"{action}\"])");
        let form = Selector::parse(&form).unwrap();
        let is_posted = |form: &scraper::ElementRef<'_>| form.attr("method") == Some("post");
        let forms: Vec<_> = document.select(&form).collect();
        let form = forms.iter().find(|form| is_posted(form)).or_else(|| forms.first());
        let form = form.unwrap_or_else(|| panic!("no form for {action} in {}", self.body));
        let mut fields = Vec::new();
        let inside = Selector::parse("input, select, textarea").unwrap();
        // A field may stand elsewhere on the page and name its form.
        let elsewhere = form.attr("id").map(|id| Selector::parse(&format!("[form=\"{id}\"]:not(button)")).unwrap());
        let elsewhere = elsewhere.iter().flat_map(|fields| document.select(fields));
        for element in form.select(&inside).chain(elsewhere) {
            let Some(name) = element.attr("name") else { continue };
            let value = match element.value().name() {
                "select" => {
                    let options = Selector::parse("option").unwrap();
                    let chosen = element.select(&options).find(|option| option.attr("selected").is_some());
                    let Some(option) = chosen.or_else(|| element.select(&options).next()) else { continue };
                    option.attr("value").map_or_else(|| option.text().collect(), ToOwned::to_owned)
                }
                "textarea" => element.text().collect(),
                _ if matches!(element.attr("type"), Some("checkbox" | "radio"))
                    && element.attr("checked").is_none() =>
                {
                    continue;
                }
                _ => element.attr("value").unwrap_or_default().to_owned(),
            };
            fields.push((name.to_owned(), value));
        }
        fields
    }
}

/// The browser.
pub(crate) struct Browser {
    client: Client,
    url: String,
    /// The cookies, by name.
    pub(crate) cookies: BTreeMap<String, String>,
    /// Headers sent with every request.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Browser {
    /// A browser for the site at `url`.
    pub(crate) fn new(url: &str) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self {
            client,
            url: url.to_owned(),
            cookies: BTreeMap::new(),
            headers: vec![("sec-fetch-site", "same-origin".to_owned())],
        }
    }

    /// Another browser with the same cookies.
    pub(crate) fn copy(&self) -> Self {
        let mut copy = Self::new(&self.url);
        copy.cookies.clone_from(&self.cookies);
        copy
    }

    /// Sends no header of this name any more.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(held, _)| *held != name);
        self
    }

    /// Sends this header with every request.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Opens a page.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = self.request(Method::GET, path);
        self.send(request).await
    }

    /// Follows an answer to where it leads.
    pub(crate) async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            if !(300..400).contains(&page.status) {
                return page;
            }
            let path = page.location().to_owned();
            page = self.get(&path).await;
        }
        panic!("too many redirects");
    }

    /// Asks for the fragment `target` as htmx does.
    pub(crate) async fn fragment(&mut self, path: &str, target: &str) -> Page {
        let request = self.request(Method::GET, path).header("HX-Request", "true").header("HX-Target", target);
        self.send(request).await
    }

    /// Fills in the form of a page and sends it.
    pub(crate) async fn submit(&mut self, page: &Page, action: &str, typed: &[(&str, &str)]) -> Page {
        let mut fields = page.fields(action);
        for (name, value) in typed {
            fields.retain(|(held, _)| held != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        self.post(action, &fields).await
    }

    /// Sends fields that no page asked for.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(impl AsRef<str>, impl AsRef<str>)]) -> Page {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        let request = self.request(Method::POST, path).form(&fields);
        self.send(request).await
    }

    /// Sends a form with a file, as a browser does: its fields in order, the file last.
    pub(crate) async fn upload(&mut self, page: &Page, action: &str, name: &str, content: &[u8]) -> Page {
        let mut body = Vec::new();
        for (field, value) in page.fields(action).iter().filter(|(field, _)| field != "file") {
            let part = format!("--line\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--line--\r\n");
        let request = self.request(Method::POST, action).header("content-type", "multipart/form-data; boundary=line");
        self.send(request.body(body)).await
    }

    /// A request with the cookies and headers of this browser.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if !self.cookies.is_empty() {
            let all: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", all.join("; "));
        }
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    /// Sends a request and keeps the cookies of its answer.
    pub(crate) async fn send(&mut self, request: RequestBuilder) -> Page {
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Page { status, headers, body: response.text().await.unwrap() }
    }

    /// The names of the rows of every page of a list, read forwards; each page is the same when it is reached backwards.
    pub(crate) async fn turn_pages(&mut self, first: &str) -> Vec<Vec<String>> {
        let (mut path, mut pages) = (first.to_owned(), Vec::new());
        loop {
            let page = self.get(&path).await;
            pages.push(page.texts("tbody th a"));
            let Some(next) = page.attribute("a[rel=next]", "href") else { break };
            path = next;
        }
        for expected in pages.iter().rev().skip(1) {
            path = self.get(&path).await.attribute("a[rel=prev]", "href").unwrap();
            assert_eq!(&self.get(&path).await.texts("tbody th a"), expected, "back, {first}");
        }
        pages
    }
}
