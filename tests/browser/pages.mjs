// What a person does on the pages, in terms that stories can use.
import { ensure, same } from "./check.mjs";

/** How long one thing on a page may take, in milliseconds; a debug build on a busy machine is slow. */
export const PATIENCE_MS = 30_000;

/** How long a run may take, in milliseconds. */
const RUN_MS = 180_000;

/** The states in which a run has ended. */
const ENDED = /^(Succeeded|Succeeded with warnings|Failed|Stopped)$/;

/** Signs in from the page where one is; answers the status of the answer to the form. */
export async function signIn(page, demo, password = demo.password) {
  await page.locator("#email").fill(demo.email);
  await page.locator("#password").fill(password);
  const answer = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/login"));
  await page.locator("main form button.pri").click();
  const status = (await answer).status();
  await page.waitForLoadState("load");
  return status;
}

/** Opens an address of the product; fails unless it answers 200. */
export async function open(page, demo, path) {
  const answer = await page.goto(demo.base + path);
  same(answer.status(), 200, `status of ${path}`);
}

/** Path and query of the page where one is. */
export function place(page) {
  const url = new URL(page.url());
  return url.pathname + url.search;
}

/** The first heading. */
export async function heading(page) {
  return (await page.locator("h1").innerText()).trim();
}

/** Follows a link or a button, and waits until the browser is where `address` matches. */
export async function go(page, locator, address) {
  await locator.click();
  await page.waitForURL(address, { waitUntil: "load" });
}

/** Opens the menu behind the user's name. */
export async function openUserMenu(page) {
  const menu = page.locator("header details.menu.end");
  if ((await menu.getAttribute("open")) === null) await menu.locator("summary").click();
  return menu;
}

/** Presses a button of the user menu and waits for the page that comes. */
export async function pressInUserMenu(page, button) {
  const menu = await openUserMenu(page);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await menu.locator(button).click();
  await answer;
  await page.waitForLoadState("load");
}

/** How many records a list says that it has. */
export async function listed(page) {
  const text = await page.locator("#list p.count").innerText();
  const number = /\d[\d,\u202f\u00a0 ]*/.exec(text);
  ensure(number, `a number of records in “${text}”`);
  return Number(number[0].replace(/\D/g, ""));
}

/** Waits until the run on the page has ended; answers its state. */
export async function runToItsEnd(page) {
  const badge = page.locator("section[id^=job-] h2 .badge").filter({ hasText: ENDED });
  await badge.waitFor({ timeout: RUN_MS });
  const text = (await badge.innerText()).trim();
  await page.locator("section[id^=job-] progress").waitFor({ state: "detached", timeout: PATIENCE_MS });
  return text;
}

/** The counts of the run on the page, by their English name. */
export async function counts(page) {
  const pairs = await page.locator("section[id^=job-] dl.counts > div").evaluateAll((rows) =>
    rows.map((row) => [row.querySelector("dt").textContent.trim(), Number(row.querySelector("dd").textContent.replace(/\D/g, ""))]));
  ensure(pairs.length > 0, "the page of a run shows its counts");
  return Object.fromEntries(pairs);
}

/** Opens the demonstration's account by the menu. */
export async function openAccount(page) {
  await go(page, page.locator("nav.apps a", { hasText: /^Amazon$/ }), /\/amazon$/);
  await go(page, page.locator("main table a", { hasText: /^Europe$/ }), /\/amazon\/accounts\/\d+$/);
}

/** The date up to which orders are known, as the form of the account shows it. */
export async function lastOrderSync(page, demo, account) {
  await open(page, demo, `${account}?tab=orders`);
  return page.locator("#date").inputValue();
}

/** A moment `days` ago, as a date-time input writes it. */
export function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 16);
}
