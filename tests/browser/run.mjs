// The browser tests: stories with and without JavaScript, then every page looked at.
//
//   node tests/browser/run.mjs
//
// COMPTOIR_BIN  the program to test (default target/debug/comptoir)
// CHROMIUM      the browser (default /usr/bin/chromium)
// SHOTS         a folder for pictures of the main pages (default: none are taken)
import { chromium } from "playwright-core";
import { tellCatalogue } from "./catalogue.mjs";
import { Report } from "./check.mjs";
import { findPages, fitAll, listen, lookAt, takePictures } from "./crawl.mjs";
import { tellDeliveries } from "./deliveries.mjs";
import { tellLinking } from "./linking.mjs";
import { tellPacking } from "./pack.mjs";
import { PATIENCE_MS, openAccount, place, pressInUserMenu, signIn } from "./pages.mjs";
import { startDemo, stopAll, stopDemo } from "./product.mjs";
import { tell, tellStop } from "./stories.mjs";

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--no-first-run",
];

/** Forms of records to be, and lists that no link of the crawl leads to. */
const NEW_RECORDS = [
  "/amazon/accounts/new", "/amazon/marketplaces/new", "/sales/products/new", "/inventory/carriers/new", "/settings/taxes?ended=1",
  "/sales/orders?is=tax_to_decide",
];

const report = new Report();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await stopAll();
    process.exit(130);
  });
}

/** A page of a browser that nobody has used yet. */
async function newPage(javaScriptEnabled) {
  const context = await browser.newContext({ javaScriptEnabled, locale: "en-GB", timezoneId: "Europe/Paris", viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

/** The first address behind links of a list. */
async function firstOf(page, demo, path) {
  await page.goto(demo.base + path);
  return page.locator("main tbody th a").first().getAttribute("href");
}

try {
  for (const [mode, script] of [["with JavaScript", true], ["without JavaScript", false]]) {
    const demo = await startDemo();
    const page = await newPage(script);
    await tell(report, { demo, page, mode });
    const account = await tellLinking(report, { demo, page, mode });
    const refused = await tellCatalogue(report, { demo, page, mode });
    await tellPacking(report, { demo, page, mode });
    await tellDeliveries(report, () => newPage(script), mode);
    await tellStop(report, () => newPage(script), mode);
    if (script) await lookAtEverything(demo, page, [`${account}?tab=credentials`, `${account}?tab=marketplaces`, refused]);
    await page.context().close();
    await stopDemo(demo);
  }
} catch (error) {
  report.failed += 1;
  console.log(`not ok - the tests could not go on\n  # ${error.stack}`);
} finally {
  await browser.close();
  await stopAll();
}
process.exitCode = report.end();

async function lookAtEverything(demo, page, told) {
  await report.step("an administrator signs in to look at every page", async () => {
    await page.goto(`${demo.base}/login`);
    await signIn(page, demo);
    await pressInUserMenu(page, page.locator("button[name=on][value=yes]"));
    await openAccount(page);
  });
  const account = place(page);
  const pages = await findPages(report, page, demo);
  await page.goto(`${demo.base}/amazon/runs?kind=recover`);
  const recovery = await page.locator("main tbody th a").first().getAttribute("href");
  const extra = [recovery, `${account}/recover`, `${account}?tab=orders`, `${account}?tab=marketplaces`, "/sales/orders?q=nothing-like-this", "/sales/orders/why?reference=12", ...NEW_RECORDS, ...told];
  const all = [...pages, ...extra.filter((path) => !pages.includes(path))];
  const heard = listen(page, demo);
  for (const path of all) await lookAt(report, page, demo, path, "en", heard);
  for (const list of ["/sales/orders?channel=fbm", "/sales/orders?channel=fba", "/sales/customers", "/inventory/pickings", "/amazon/issues", "/sales/products", "/inventory/carriers"]) {
    await fitAll(report, page, demo, list, 25);
  }
  if (process.env.SHOTS) await shoot(demo, page, account);
  await page.goto(demo.base);
  await pressInUserMenu(page, page.locator("button[name=lang][value=fr]"));
  for (const path of all) await lookAt(report, page, demo, path, "fr", heard);
  await report.step("signing out works in French too", async () => {
    await pressInUserMenu(page, page.locator("form[action='/logout'] button"));
  });
  for (const lang of ["en", "fr"]) {
    const stranger = await browser.newContext({ locale: lang, viewport: { width: 1280, height: 900 } });
    const strange = await stranger.newPage();
    await lookAt(report, strange, demo, "/login", lang, listen(strange, demo));
    await stranger.close();
  }
}

async function shoot(demo, page, account) {
  await takePictures(page, demo, {
    dashboard: "/",
    orders: "/sales/orders",
    "order-fbm": await firstOf(page, demo, "/sales/orders?channel=fbm&amazon_status=unshipped"),
    "order-fba": await firstOf(page, demo, "/sales/orders?channel=fba"),
    customers: "/sales/customers",
    transfers: "/inventory/pickings",
    moves: "/inventory/moves",
    account: `${account}?tab=orders`,
    runs: "/amazon/runs",
    run: await firstOf(page, demo, "/amazon/runs"),
    issues: "/amazon/issues",
    products: "/sales/products",
    product: await firstOf(page, demo, "/sales/products"),
    imports: "/sales/products/imports",
    "offer-imports": "/amazon/offers/imports",
    amazon: "/amazon",
    carriers: "/inventory/carriers",
    marketplaces: "/amazon/marketplaces",
    taxes: "/settings/taxes",
    preferences: "/me",
  }, process.env.SHOTS);
  await page.setViewportSize({ width: 1280, height: 900 });
}
