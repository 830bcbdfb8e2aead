// The stories of the first release, told twice: with JavaScript and without.
import { ensure, same } from "./check.mjs";
import {
  counts, daysAgo, go, heading, lastOrderSync, listed, open, openAccount, openUserMenu, place, pressInUserMenu,
  runToItsEnd, signIn,
} from "./pages.mjs";
import { askAmazon, startDemo, stopDemo } from "./product.mjs";

/** A reference that looks right and that nobody has. */
const UNKNOWN = "999-9999999-9999999";

/** The marketplace amazon.fr (Amazon, "Marketplace IDs"). */
const FRANCE = "A13V1IB3VIYZZH";

/** A little more than two minutes: what changed later is not given yet by Amazon (Orders API reference, `lastUpdatedBefore`). */
const AMAZON_DELAY_SECS = 150;

/** All stories of one newcomer on a fresh demonstration. */
export async function tell(report, { demo, page, mode }) {
  const step = (name, work) => report.step(`${mode}: ${name}`, work);
  let account = "/amazon/accounts/1";

  await step("a wrong password is refused with a sentence, and the e-mail stays", async () => {
    await page.goto(`${demo.base}/sales/orders?channel=fbm`);
    ensure(place(page).startsWith("/login?next="), `an address asked for without a session leads to sign-in, not to ${place(page)}`);
    same(await signIn(page, demo, "not-the-password"), 422, "status");
    ensure((await page.title()).startsWith("Error: "), "the title says that there is an error");
    same(await page.locator("#problem").getByText("The e-mail or the password is not right.").count(), 1, "sentences");
    same(await page.locator("#email").inputValue(), demo.email, "the e-mail");
    same(await page.locator("#password").inputValue(), "", "the password");
  });

  await step("a password can be looked at, by mouse and by key", async () => {
    const button = page.locator("button[data-shows=password]");
    if (!mode.startsWith("with ")) return same(await button.isVisible(), false, "the button without a script");
    await page.locator("#password").fill("looked-at");
    await button.click();
    same(await page.locator("#password").getAttribute("type"), "text", "type after a click");
    same(await button.getAttribute("aria-pressed"), "true", "pressed");
    await button.press("Enter");
    same(await page.locator("#password").getAttribute("type"), "password", "type after Enter");
    same(await button.getAttribute("aria-pressed"), "false", "pressed again");
    same(place(page), "/login", "looking sends nothing");
  });

  await step("signing in leads to the page that was asked for", async () => {
    same(await signIn(page, demo), 303, "status");
    same(place(page), "/sales/orders?channel=fbm", "place");
    same(await heading(page), "Orders", "heading");
  });

  await step("developer mode is turned on and one stays where one is", async () => {
    await open(page, demo, "/amazon/accounts");
    same(await page.locator("header .badge", { hasText: "Developer mode" }).count(), 0, "badges before");
    await pressInUserMenu(page, page.locator("button[name=on][value=yes]"));
    same(place(page), "/amazon/accounts", "place");
    await page.locator("header .badge", { hasText: "Developer mode" }).waitFor();
  });

  await step("SYNC ORDERS brings orders, and one follows the run to its end", async () => {
    await openAccount(page);
    account = place(page);
    await go(page, page.getByRole("button", { name: "SYNC ORDERS" }), /\/amazon\/runs\/\d+$/);
    const state = await runToItsEnd(page);
    ensure(/^Succeeded/.test(state), `the run succeeded, not: ${state}`);
    let [read, created] = [0, 0];
    await open(page, demo, "/amazon/runs?kind=orders");
    const runs = await page.locator("main tbody th a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    for (const run of runs) {
      await open(page, demo, run);
      ensure(/^Succeeded/.test(await runToItsEnd(page)), `${run} succeeded`);
      const found = await counts(page);
      read = Math.max(read, found.Read);
      created += found.Created;
    }
    ensure(read >= 200, `at least 200 orders were read, not ${read}`);
    ensure(created > 100, `more than 100 orders were created, not ${created}`);
    await open(page, demo, "/sales/orders");
    same(await listed(page), created, "orders in the list");
  });

  await step("orders of both channels are there, and the channels add up", async () => {
    const of = async (query) => { await open(page, demo, `/sales/orders${query}`); return listed(page); };
    const [all, fba, fbm] = [await of(""), await of("?channel=fba"), await of("?channel=fbm")];
    ensure(fba > 10 && fbm > 10, `orders of both channels: ${fba} FBA, ${fbm} FBM`);
    same(fba + fbm, all, "orders of both channels together");
  });

  await step("orders are filtered by team, by the address and by the form", async () => {
    await open(page, demo, "/sales/orders");
    const all = await listed(page);
    await page.locator("form.search summary", { hasText: "Filters" }).click();
    const teams = page.locator("input[name=team]");
    const team = await teams.first().getAttribute("value");
    await teams.first().check();
    await go(page, page.locator("form.search").getByRole("button", { name: "Apply" }), /[?&]team=\d+/);
    const filtered = await listed(page);
    ensure(filtered > 0 && filtered <= all, `${filtered} of ${all} orders are of the team`);
    same(await page.locator("#list .facet").count(), 1, "active filters");
    await open(page, demo, `/sales/orders?team=${team}`);
    same(await listed(page), filtered, "orders by the address");
    await open(page, demo, `/sales/orders?not.team=${team}`);
    same(await listed(page), all - filtered, "orders of other teams");
    await open(page, demo, `/sales/orders?team=${team}&colour=blue`);
    same(await page.locator("#list .note.w").count(), 1, "notices about an unknown filter");
    same(await listed(page), filtered, "orders in spite of an unknown filter");
  });

  await step("an FBM order leads to its transfer and back", async () => {
    await open(page, demo, "/sales/orders?channel=fbm&amazon_status=unshipped&state=sale");
    const link = page.locator("main tbody th a").first();
    const order = await link.getAttribute("href");
    await go(page, link, (url) => url.pathname === order);
    ensure((await page.locator("#lines tbody tr").count()) > 0, "the order has lines");
    await go(page, page.locator(".stats a[href^='/inventory/pickings?order=']"), /\/inventory\/pickings\?order=\d+$/);
    ensure((await listed(page)) >= 1, "a transfer exists");
    await go(page, page.locator("main tbody th a").first(), /\/inventory\/pickings\/\d+$/);
    ensure((await page.locator("main .tablewrap tbody tr").count()) > 0, "the transfer has operations");
    await go(page, page.locator("main dl.kv a").first(), (url) => url.pathname === order);
  });

  await step("an FBA order leads to its moves out of the Amazon location", async () => {
    await open(page, demo, "/sales/orders?channel=fba&amazon_status=shipped");
    await go(page, page.locator("main tbody th a").first(), /\/sales\/orders\/\d+$/);
    await go(page, page.locator(".stats a[href^='/inventory/moves?order=']"), /\/inventory\/moves\?order=\d+$/);
    ensure((await listed(page)) >= 1, "a move exists");
    const first = (await page.locator("main tbody tr").first().innerText()).replace(/\s+/g, " ");
    ensure(/Amazon/.test(first), `the move leaves the Amazon location: ${first}`);
  });

  await step("Why? tells the rule of an order, also of one that is not here", async () => {
    await open(page, demo, "/sales/orders?channel=fba&amazon_status=shipped");
    await go(page, page.locator("main tbody th a").first(), /\/sales\/orders\/\d+$/);
    await go(page, page.locator("#head").getByRole("link", { name: "Why?" }), /\/sales\/orders\/\d+\/why$/);
    same(await page.locator("ol.rules li").count(), 14, "rules");
    same(await page.locator("ol.rules li", { hasText: "(this rule applied)" }).count(), 1, "rules that applied");
    await open(page, demo, "/sales/orders/why");
    await page.locator("#reference").fill(UNKNOWN);
    await go(page, page.locator("main form button"), /reference=999-/);
    same(await page.locator("main").getByText(`${UNKNOWN} is not in Comptoir.`).count(), 1, "sentences");
    await page.locator("#reference").fill("12");
    await go(page, page.locator("main form button"), /reference=12$/);
    ensure((await page.locator("#reference-error").innerText()).includes("402-1234567-1234567"), "a wrong reference is explained");
  });

  await step("a date in the future is refused with 422 and stays in the field", async () => {
    await open(page, demo, `${account}?tab=orders`);
    const future = daysAgo(-30);
    await page.locator("#date").fill(future);
    const answer = page.waitForResponse((response) => response.url().endsWith("/last-order-sync"));
    await page.getByRole("button", { name: "Save the date only" }).click();
    same((await answer).status(), 422, "status");
    await page.locator("#date-error").waitFor();
    same((await page.locator("#date-error").innerText()).trim(), "Last Order Sync must be in the past", "sentence");
    same(await page.locator("#date").inputValue(), future, "what was typed");
    ensure((await page.title()).startsWith("Error: "), "the title says that there is an error");
  });

  await step("an earlier date is previewed, and the run then does what the preview said", async () => {
    await changeAmazon(demo);
    await open(page, demo, "/sales/orders");
    const before = await listed(page);
    const known = await lastOrderSync(page, demo, account);
    await page.locator("#date").fill(daysAgo(20));
    await go(page, page.getByRole("button", { name: "Preview what would be synchronized" }), /\/amazon\/runs\/\d+$/);
    ensure(/^Succeeded/.test(await runToItsEnd(page)), "the preview succeeded");
    const preview = await counts(page);
    const address = place(page);
    ensure(preview.Created >= 2 && preview.Cancelled >= 1, `the preview sees new and cancelled orders: ${JSON.stringify(preview)}`);
    await open(page, demo, "/sales/orders");
    same(await listed(page), before, "orders after the preview");
    same(await lastOrderSync(page, demo, account), known, "Last Order Sync after the preview");
    await open(page, demo, address);
    const button = page.getByRole("button", { name: "Save the date and sync now" });
    await button.waitFor();
    await go(page, button, (url) => /\/amazon\/runs\/\d+$/.test(url.pathname) && !url.pathname.endsWith(address));
    ensure(/^Succeeded/.test(await runToItsEnd(page)), "the run succeeded");
    same(await counts(page), preview, "counts of the run and of the preview");
    await open(page, demo, "/sales/orders");
    same(await listed(page), before + preview.Created, "orders after the run");
  });

  await step("Recover Order answers a good, a malformed and an unknown reference", async () => {
    await open(page, demo, "/sales/orders?channel=fbm");
    const good = (await page.locator("main tbody th .sub2").first().innerText()).trim();
    await open(page, demo, account);
    await go(page, page.getByRole("link", { name: "Recover Order" }), /\/recover$/);
    await page.locator("#references").fill(`${good}\n12-34\n${UNKNOWN}`);
    await go(page, page.getByRole("button", { name: "Recover" }), /\/amazon\/runs\/\d+$/);
    same(await page.locator(".flash", { hasText: "12-34" }).count(), 1, "sentences about the malformed reference");
    await runToItsEnd(page);
    const row = async (reference) => (await page.locator("main tbody tr", { hasText: reference }).innerText()).replace(/\s+/g, " ");
    ensure(!/Set aside/.test(await row(good)), `the good reference is read: ${await row(good)}`);
    ensure(/Amazon knows no such order/.test(await row(UNKNOWN)), `the unknown reference is explained: ${await row(UNKNOWN)}`);
    await open(page, demo, `${account}/recover`);
    await page.locator("#references").fill("12-34\nabc");
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Recover" }).click();
    same((await answer).status(), 422, "status when no reference is good");
    await page.locator("#references-error").waitFor();
    same(await page.locator("#references").inputValue(), "12-34\nabc", "what was typed");
  });

  await step("SYNC PICKINGS leads to its run", async () => {
    await open(page, demo, account);
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "SYNC PICKINGS" }).click();
    same((await answer).status(), 303, "status");
    await page.waitForURL((url) => url.pathname.startsWith("/amazon/runs/"));
    await page.locator("h1").waitFor();
  });

  await step("French is switched on, and no page loses its place", async () => {
    for (const path of ["/", "/sales/orders?channel=fbm&sort=-total", `${account}?tab=marketplaces`, "/inventory/moves?location=amazon", "/me"]) {
      await open(page, demo, path);
      await pressInUserMenu(page, page.locator("button[name=lang][value=fr]"));
      same(place(page), path, "place in French");
      same(await page.locator("html").getAttribute("lang"), "fr", `language of ${path}`);
      await pressInUserMenu(page, page.locator("button[name=lang][value=en]"));
      same(place(page), path, "place in English");
      same(await page.locator("html").getAttribute("lang"), "en", `language of ${path}`);
    }
  });

  await step("shortcuts of a single key work until they are switched off", async () => {
    if (!mode.startsWith("with ")) return;
    const isSearching = () => page.evaluate(() => document.activeElement?.id === "q");
    const switched = async (isOn) => {
      await open(page, demo, "/me");
      await page.locator("#shortcuts").setChecked(isOn);
      const answer = page.waitForResponse((response) => response.request().method() === "POST");
      await page.locator("form[action='/me'] button.pri").click();
      same((await answer).status(), 303, "status");
      await page.waitForLoadState("load");
      await open(page, demo, "/sales/orders");
      await page.locator("body").press("/");
    };
    await switched(false);
    same(await isSearching(), false, "/ with shortcuts off");
    await switched(true);
    same(await isSearching(), true, "/ with shortcuts on");
  });

  await step("after signing out nothing is shown any more", async () => {
    const menu = await openUserMenu(page);
    await go(page, menu.getByRole("button", { name: "Log out" }), /\/login/);
    await page.goto(`${demo.base}/sales/orders`);
    ensure(place(page).startsWith("/login"), `one has to sign in again, not ${place(page)}`);
  });
}

/** Two new orders, and one cancelled before it left; Amazon gives them at once. */
async function changeAmazon(demo) {
  const orders = await askAmazon(demo, "orders");
  const waiting = orders.find((order) => order.channel === "MERCHANT" && order.status === "UNSHIPPED" && order.marketplaceId === FRANCE);
  ensure(waiting, `the simulated Amazon has an order that waits: ${JSON.stringify(orders[0])}`);
  await askAmazon(demo, `orders/${waiting.orderId}/cancel`, null);
  await askAmazon(demo, "orders", { kind: "GIFT" });
  await askAmazon(demo, "orders", { channel: "AMAZON", status: "SHIPPED", marketplace: "DE" });
  await askAmazon(demo, "clock", { advanceSecs: AMAZON_DELAY_SECS });
}

/** Orders of a run that is long enough to be stopped; about three quarters of them are given. */
const MANY = 16_000;

/** A long run is stopped: it ends, what was read stays, and the date does not move. */
export async function tellStop(report, newPage, mode) {
  await report.step(`${mode}: a run is stopped, and Last Order Sync does not move`, async () => {
    const demo = await startDemo("--orders", String(MANY), "--quota-factor", "10");
    try {
      const page = await newPage(demo);
      await page.goto(`${demo.base}/login`);
      same(await signIn(page, demo), 303, "status");
      await pressInUserMenu(page, page.locator("button[name=on][value=yes]"));
      await openAccount(page);
      const account = place(page);
      const known = await lastOrderSync(page, demo, account);
      await go(page, page.getByRole("button", { name: "SYNC ORDERS" }), /\/amazon\/runs\/\d+$/);
      // The page follows the run by itself, with a script or by loading again.
      await page.locator("section[id^=job-] dl.counts > div", { hasText: "Read" }).filter({ hasText: /[1-9]/ }).waitFor();
      const stop = page.getByRole("button", { name: "Stop after the current page" });
      const answer = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/stop"));
      await stop.click();
      same((await answer).status(), 303, "status");
      same(await runToItsEnd(page), "Stopped", "state");
      const found = await counts(page);
      ensure(found.Read > 0 && found.Read < MANY / 2, `some orders were read, but not all: ${found.Read}`);
      ensure(/was not moved/.test(await page.locator("section[id^=job-] [role=status]").innerText()), "the page says that the date was not moved");
      same(await lastOrderSync(page, demo, account), known, "Last Order Sync");
      await open(page, demo, "/sales/orders");
      same(await listed(page), found.Created, "orders kept");
      await page.context().close();
      const ended = await stopDemo(demo);
      same(ended, { code: 0, signal: null }, "how the product ends when it is asked to");
    } finally {
      await stopDemo(demo);
    }
  });
}
