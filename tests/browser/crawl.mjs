// Every page that a link leads to: it answers, it is well built, it is accessible, it fits, and it asks nobody else.
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ensure } from "./check.mjs";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe checks: WCAG 2.0 to 2.2, levels A and AA, and best practices. */
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** How many addresses of one route are opened in the browser to find more links. */
const OPENED_OF_A_ROUTE = 3;

/** How many addresses of one shape are asked for: one route with the same keys in its query. */
const ASKED_OF_A_SHAPE = 8;

/** The narrowest window without a horizontal scroll bar, in pixels (WCAG 2.2, 1.4.10). */
const NARROWEST = 320;

/** The route of an address, without what only numbers its record; tabs are pages of their own. */
function route(path) {
  const url = new URL(path, "http://127.0.0.1");
  const tab = url.searchParams.get("tab");
  return url.pathname.replace(/\/(\d+|S\d+|\d{3}-\d{7}-\d{7})(?=\/|$)/g, "/#") + (tab ? `?tab=${tab}` : "");
}

/** The route with the keys of the query. */
function shape(path) {
  const keys = new Set(new URL(path, "http://127.0.0.1").searchParams.keys());
  return `${route(path)} ${[...keys].sort()}`;
}

/** Counts how often a name came; answers how often before. */
function before(counted, name) {
  const times = counted.get(name) ?? 0;
  counted.set(name, times + 1);
  return times;
}

/** Follows all links from `/`; answers one page of each route to look at. */
export async function findPages(report, page, demo) {
  const [seen, routes, shapes, pages, wrong] = [new Set(["/"]), new Map(), new Map(), [], []];
  const waiting = ["/"];
  let asked = 0;
  await report.step("every link from the dashboard on answers below 400", async () => {
    while (waiting.length > 0) {
      const path = waiting.shift();
      if (before(shapes, shape(path)) >= ASKED_OF_A_SHAPE) continue;
      asked += 1;
      const times = before(routes, route(path));
      // A document to print is no page: it is asked for, not looked at.
      if (times >= OPENED_OF_A_ROUTE || /\.pdf(\?|$)/.test(path)) {
        const answer = await page.request.get(demo.base + path, { maxRedirects: 0 });
        if (answer.status() >= 400) wrong.push(`${answer.status()} ${path}`);
        continue;
      }
      const answer = await page.goto(demo.base + path);
      if (answer.status() >= 400) wrong.push(`${answer.status()} ${path}`);
      if (times === 0) pages.push(path);
      for (const file of await page.locator("a[download]").evaluateAll((all) => all.map((link) => link.href))) {
        if (before(shapes, shape(file)) > 0) continue;
        const answer = await page.request.get(file);
        if (answer.status() >= 400) wrong.push(`${answer.status()} ${file}`);
      }
      const links = await page.locator("a[href]:not([download])").evaluateAll((all) => all.map((link) => link.href));
      for (const link of links) {
        const url = new URL(link);
        const next = url.pathname + url.search;
        if (url.origin !== demo.base || seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
    ensure(wrong.length === 0, wrong.join("\n"));
    ensure(pages.length > 12, `only ${pages.length} kinds of pages were found: ${pages.join(" ")}`);
    console.log(`# ${asked} of ${seen.size} addresses asked for, ${pages.length} kinds of pages`);
  });
  return pages;
}

/** How a page is built, in one language and at any size. */
export async function lookAt(report, page, demo, path, lang, heard) {
  await report.step(`${lang} ${path} is well built, accessible in both themes, and fits 320 pixels`, async () => {
    const wrong = [];
    const expect = (holds, sentence) => { if (!holds) wrong.push(sentence); };
    heard.length = 0;
    await page.emulateMedia({ colorScheme: "light" });
    const answer = await page.goto(demo.base + path);
    expect(answer.status() < 400, `status ${answer.status()}`);
    const built = await page.evaluate(() => ({
      headings: document.querySelectorAll("h1").length,
      title: document.title,
      lang: document.documentElement.lang,
      mains: document.querySelectorAll("main#main").length,
      blankBadges: [...document.querySelectorAll(".badge")].filter((badge) => badge.textContent.trim() === "").length,
    }));
    expect(built.headings === 1, `${built.headings} first headings`);
    expect(built.title.endsWith("· Comptoir"), `title “${built.title}”`);
    expect(built.lang === lang, `language “${built.lang}”`);
    expect(built.mains === 1, `${built.mains} main parts`);
    expect(built.blankBadges === 0, `${built.blankBadges} states without a word`);
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const violation of await violations(page)) wrong.push(`${scheme}: ${violation}`);
    }
    const size = page.viewportSize();
    await page.setViewportSize({ width: NARROWEST, height: 800 });
    const overflow = await page.evaluate(widest);
    expect(overflow === "", overflow);
    for (const menu of await page.locator("details.menu:visible").all()) {
      await menu.evaluate((details) => (details.open = true));
      const opened = await page.evaluate(widest);
      expect(opened === "", `with an open menu ${opened}`);
      await menu.evaluate((details) => (details.open = false));
    }
    await page.setViewportSize(size);
    await page.keyboard.press("Tab");
    // A scanner's field has the focus from the start, so the Tab key goes on from there: there the skip link must be the
    // first that can be reached at all.
    const first = await page.evaluate(() => {
      const reached = document.querySelector("[autofocus]") ? document.querySelector("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]") : document.activeElement;
      return reached?.outerHTML.slice(0, 120);
    });
    expect(/^<a class="skip" href="#main"/.test(first ?? ""), `the first stop of the Tab key is ${first}`);
    wrong.push(...heard);
    ensure(wrong.length === 0, wrong.join("\n"));
  });
}

/** Records of one list, each in the narrowest window: names and numbers of any length must fit. */
export async function fitAll(report, page, demo, list, most) {
  await report.step(`the first ${most} records of ${list} fit 320 pixels`, async () => {
    const size = page.viewportSize();
    await page.goto(demo.base + list);
    const links = await page.locator("main tbody th a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    await page.setViewportSize({ width: NARROWEST, height: 800 });
    const wrong = [];
    for (const link of links.slice(0, most)) {
      await page.goto(demo.base + link);
      const overflow = await page.evaluate(widest);
      if (overflow !== "") wrong.push(`${link}: ${overflow}`);
    }
    await page.setViewportSize(size);
    ensure(links.length > 0, `${list} has no record`);
    ensure(wrong.length === 0, wrong.join("\n"));
  });
}

/** Which element makes the page scroll sideways, if one does; runs in the page. */
function widest() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return "";
  const range = document.createRange();
  const ends = [...document.querySelectorAll("body *")].filter((element) => !element.closest(".tablewrap")).map((element) => {
    range.selectNodeContents(element);
    return [Math.max(element.getBoundingClientRect().right, range.getBoundingClientRect().right), element];
  });
  const last = Math.max(...ends.map(([right]) => right));
  const element = ends.findLast(([right]) => right === last)?.[1] ?? document.body;
  return `the page is ${scrollWidth} pixels wide at ${clientWidth}; ${element.outerHTML.replace(/\s+/g, " ").slice(0, 160)} ends at ${Math.round(last)}`;
}

/** What axe finds wrong on the page, one line each. */
export async function violations(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async (tags) => {
    const result = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return result.violations.map((rule) => {
      const nodes = rule.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} {${node.any.map((check) => check.message).join("; ").slice(0, 160)}}`);
      return `axe ${rule.id} (${rule.impact}): ${rule.nodes.length} × ${nodes.join(" | ")}`;
    });
  }, AXE_TAGS);
  return found;
}

/** Notes what a page must never do: errors on the console, requests to anybody else. */
export function listen(page, demo) {
  const heard = [];
  page.on("console", (message) => { if (message.type() === "error") heard.push(`console: ${message.text()} (${message.location().url})`); });
  page.on("pageerror", (error) => heard.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== demo.base && protocol !== "data:") heard.push(`request to ${request.url()}`);
  });
  return heard;
}

/** Pictures of the main pages, at two widths and in both themes, for people to look at. */
export async function takePictures(page, demo, paths, folder) {
  await mkdir(folder, { recursive: true });
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(demo.base + path);
        await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: width === 390 });
      }
    }
  }
}
