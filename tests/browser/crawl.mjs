// Every page that a link leads to: it answers, it is well built, it is accessible, it fits, and it asks nobody else.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ensure } from "./check.mjs";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe checks: WCAG 2.0 to 2.2, levels A and AA, and best practices. */
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** How many addresses of one shape are opened in the browser; all are asked for. */
const OF_ONE_SHAPE = 2;

/** How many addresses are asked for at most. */
const MOST_ADDRESSES = 900;

/** The narrowest window without a horizontal scroll bar, in pixels (WCAG 2.2, 1.4.10). */
const NARROWEST = 320;

/** An address without what only numbers its record. */
function shape(path) {
  const url = new URL(path, "http://127.0.0.1");
  const route = url.pathname.replace(/\/(\d+|S\d+|\d{3}-\d{7}-\d{7})(?=\/|$)/g, "/#");
  const keys = [...url.searchParams.keys()].map((key) => (key === "tab" || key === "is" ? `${key}=${url.searchParams.get(key)}` : key));
  return `${route}?${keys.sort().join("&")}`;
}

/** Follows all links from `/`; answers the pages to look at, one or two of each shape. */
export async function findPages(report, page, demo) {
  const [seen, shapes, pages, wrong] = [new Set(["/"]), new Map(), [], []];
  const waiting = ["/"];
  await report.step("every link from the dashboard on answers below 400", async () => {
    while (waiting.length > 0 && seen.size < MOST_ADDRESSES) {
      const path = waiting.shift();
      const kind = shape(path);
      const times = shapes.get(kind) ?? 0;
      shapes.set(kind, times + 1);
      if (times >= OF_ONE_SHAPE) {
        const answer = await page.request.get(demo.base + path, { maxRedirects: 0 });
        if (answer.status() >= 400) wrong.push(`${answer.status()} ${path}`);
        continue;
      }
      const answer = await page.goto(demo.base + path);
      if (answer.status() >= 400) wrong.push(`${answer.status()} ${path}`);
      if (times === 0) pages.push(path);
      const links = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.href));
      for (const link of links) {
        const url = new URL(link);
        const next = url.pathname + url.search;
        if (url.origin !== demo.base || seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
    ensure(wrong.length === 0, wrong.join("\n"));
    ensure(pages.length > 15, `only ${pages.length} kinds of pages were found: ${pages.join(" ")}`);
    console.log(`# ${seen.size} addresses, ${pages.length} kinds of pages`);
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
    }));
    expect(built.headings === 1, `${built.headings} first headings`);
    expect(built.title.endsWith("· Comptoir"), `title “${built.title}”`);
    expect(built.lang === lang, `language “${built.lang}”`);
    expect(built.mains === 1, `${built.mains} main parts`);
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));
    expect(/^<a class="skip" href="#main"/.test(first ?? ""), `the first stop of the Tab key is ${first}`);
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const violation of await violations(page)) wrong.push(`${scheme}: ${violation}`);
    }
    const size = page.viewportSize();
    await page.setViewportSize({ width: NARROWEST, height: 800 });
    const overflow = await page.evaluate(widest);
    expect(overflow === "", overflow);
    await page.setViewportSize(size);
    wrong.push(...heard);
    ensure(wrong.length === 0, wrong.join("\n"));
  });
}

/** Which element makes the page scroll sideways, if one does; runs in the page. */
function widest() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return "";
  const boxes = [...document.querySelectorAll("body *")].map((element) => [element.getBoundingClientRect().right, element]);
  const [right, element] = boxes.reduce((most, box) => (box[0] > most[0] ? box : most), [0, document.body]);
  return `the page is ${scrollWidth} pixels wide at ${clientWidth}; ${element.outerHTML.slice(0, 120)} ends at ${Math.round(right)}`;
}

/** What axe finds wrong on the page, one line each. */
async function violations(page) {
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
