// The story of a parcel: what is missing is asked for, a part leaves, Amazon is told, and a refusal is put right.
import { ensure, same } from "./check.mjs";
import { violations } from "./crawl.mjs";
import { go, heading, open, openAccount, place, pressInUserMenu, runToItsEnd, signIn } from "./pages.mjs";
import { askAmazon, startDemo, stopDemo } from "./product.mjs";

/** A little more than two minutes: what changed later is not given yet by Amazon (Orders API reference, `lastUpdatedBefore`). */
const AMAZON_DELAY_SECS = 150;

/** A product of the simulated catalogue of which the demonstration holds enough. */
const SKU = "MUG-BLUE-35";

/** The narrowest window without a horizontal scroll bar, in pixels (WCAG 2.2, 1.4.10). */
const NARROWEST = 320;

/** A carrier that Amazon knows and that the simulator is told to refuse. */
const REFUSED = "Chronopost";

const SYNCHRONIZED = "Synchronized with Amazon";
const FAILED = "Synchronization with Amazon failed";

/** Parcels of one who ships, on a demonstration of its own: its clock and Amazon's agree when the orders are placed. */
export async function tellDeliveries(report, newPage, mode) {
  const demo = await startDemo();
  try {
    const page = await newPage();
    await tell(report, { demo, page, mode });
    await page.context().close();
  } finally {
    await stopDemo(demo);
  }
}

async function tell(report, { demo, page, mode }) {
  const step = (name, work) => report.step(`${mode}: ${name}`, work);
  const [order, other] = [await placeOrder(demo, 3), await placeOrder(demo, 1)];
  let [account, first, rest, refused] = ["/amazon/accounts/1", "", "", ""];

  await step("an order of three becomes a transfer that is ready", async () => {
    await page.goto(`${demo.base}/login`);
    same(await signIn(page, demo), 303, "status");
    await pressInUserMenu(page, page.locator("button[name=on][value=yes]"));
    await openAccount(page);
    account = place(page);
    await sync(page, demo, account, "SYNC ORDERS");
    first = await transferOf(page, demo, order);
    await page.locator("#head .badge", { hasText: /^Ready$/ }).waitFor();
  });

  await step("the list fits the window, and a label is saved in its row", async () => {
    await open(page, demo, "/inventory/pickings");
    await fits(page);
    await open(page, demo, `/inventory/pickings?q=${other}`);
    const row = page.locator("main tbody tr").first();
    const field = row.locator("input[name=tracking]");
    await field.fill("xy 123456789 fr");
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await field.press("Enter");
    await answer;
    if (mode.startsWith("with ")) {
      await row.locator("[role=status]", { hasText: "Saved." }).waitFor();
      ensure(await field.evaluate((input) => document.activeElement === input), "the field keeps the focus");
      await accessible(page, mode);
    } else {
      await page.locator(".flash", { hasText: "tracking reference saved" }).waitFor();
    }
    same(await field.inputValue(), "XY123456789FR", "the reference as it is held");
  });

  await step("entering references keeps what was typed while a text and a file are checked", async () => {
    await open(page, demo, `/inventory/pickings/tracking?id=${first.split("/").at(-1)}`);
    const [field, text] = [page.locator("tbody input[name=tracking]"), page.locator("#text")];
    const press = async (name) => {
      const answer = page.waitForResponse((response) => response.request().method() === "POST");
      await page.getByRole("button", { name, exact: true }).click();
      const status = (await answer).status();
      await page.waitForLoadState("load");
      return [status, await field.evaluateAll((inputs) => inputs.map((input) => input.value)), await text.inputValue()];
    };
    await field.fill("TYPED");
    await text.fill("nonsense");
    same(await press("Check"), [422, ["TYPED"], "nonsense"], "after a text that cannot be read");
    await accessible(page, mode);
    const content = Buffer.from(`reference,tracking\n${other},XY123456789FR\n`);
    await page.locator("#file").setInputFiles({ name: "labels.csv", mimeType: "text/csv", buffer: content });
    same(await press("Check the file"), [200, ["TYPED", "XY123456789FR"], "nonsense"], "after a file");
    await text.fill(`${other};XY123456789FR`);
    same(await press("Check"), [200, ["TYPED", "XY123456789FR"], ""], "after a text whose lines are all in the grid");
    await open(page, demo, first);
  });

  await step("validating without a tracking reference says what is missing, and keeps what was typed", async () => {
    await page.locator("#carrier").fill("Colisimo");
    await page.locator("#lines input[name=done]").fill("2");
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Validate", exact: true }).click();
    same((await answer).status(), 422, "status");
    await page.waitForLoadState("load");
    ensure((await page.title()).startsWith("Error: "), `the title says that there is an error: ${await page.title()}`);
    const summary = page.locator("#problem");
    const sentence = "Enter the tracking reference";
    same((await summary.locator("li").allInnerTexts()).map((text) => text.trim()), [sentence], "the summary");
    if (mode.startsWith("with ")) ensure(await summary.evaluate((box) => document.activeElement === box), "the summary has the focus");
    const field = page.locator("#tracking");
    same(await field.getAttribute("aria-invalid"), "true", "the field is marked");
    const told = await field.getAttribute("aria-describedby");
    same((await page.locator(`#${told.split(" ").at(-1)}`).innerText()).trim(), sentence, "the sentence beside the field");
    same(await page.locator("#carrier").inputValue(), "Colisimo", "the carrier typed");
    same(await page.locator("#lines input[name=done]").inputValue(), "2", "the quantity typed");
    await accessible(page, mode);
  });

  await step("a carrier that Amazon does not know is warned of with a suggestion, and does not block", async () => {
    await page.locator("#doubts .note", { hasText: "Amazon does not know “Colisimo”. Did you mean Colissimo?" }).waitFor();
    await page.locator("#tracking").fill("6A11111111111");
    await go(page, page.getByRole("button", { name: "Save", exact: true }), (url) => url.pathname === first);
    await page.locator(".flash", { hasText: "Saved." }).waitFor();
    same(await page.locator("#carrier").inputValue(), "Colisimo", "the carrier saved");
    await page.locator("#doubts .note", { hasText: "Did you mean Colissimo?" }).waitFor();
  });

  await step("two of three leave: one chooses what becomes of the rest, and the backorder is linked both ways", async () => {
    await page.locator("#carrier").fill("Colissimo");
    await page.locator("#lines input[name=done]").fill("2");
    await page.getByRole("button", { name: "Validate", exact: true }).click();
    await page.getByRole("heading", { name: "Create a backorder for the rest?" }).waitFor();
    const row = page.locator("main tbody tr").first();
    same((await row.locator("td").allInnerTexts()).map((text) => text.replace(/\D/g, "")), ["2", "1"], "shipped now and left");
    await accessible(page, mode);
    await go(page, page.getByRole("button", { name: "Create Backorder" }), (url) => url.pathname === first);
    await page.locator("#head .badge", { hasText: /^Done$/ }).waitFor();
    const name = await heading(page);
    const following = page.locator("dl.kv dt", { hasText: /^Backorder$/ }).locator("+ dd a");
    rest = await following.getAttribute("href");
    await go(page, following, (url) => url.pathname === rest);
    same((await page.locator("dl.kv dt", { hasText: /^Backorder of$/ }).locator("+ dd a").innerText()).trim(), name, "backorder of");
  });

  await step("the backorder leaves too, and after the next synchronization Amazon shows both parcels", async () => {
    await ship(page, demo, rest, "Colissimo", "6A22222222222");
    await sync(page, demo, account, "SYNC PICKINGS");
    await sync(page, demo, account, "SYNC ORDERS");
    for (const transfer of [first, rest]) {
      await open(page, demo, transfer);
      await page.locator("#head .badge", { hasText: SYNCHRONIZED }).waitFor();
    }
    const packages = await askAmazon(demo, `orders/${order}/packages`);
    const found = packages.map((parcel) => [parcel.tracking, parcel.items.reduce((sum, item) => sum + item.quantity, 0), parcel.confirmations]);
    same(found.sort(), [["6A11111111111", 2, 1], ["6A22222222222", 1, 1]], "parcels on Amazon's side, their units, and how often they were told");
  });

  await step("a parcel that Amazon refuses says why, with Amazon's own words folded", async () => {
    await askAmazon(demo, "faults", { kind: "carrierRefused", settings: { only: REFUSED } });
    refused = await transferOf(page, demo, other);
    await ship(page, demo, refused, REFUSED, "XY123456789FR");
    await sync(page, demo, account, "SYNC PICKINGS");
    await open(page, demo, refused);
    await page.locator("#head .badge", { hasText: FAILED }).waitFor();
    await page.getByText("Amazon does not know the carrier.").waitFor();
    const words = page.getByText("is not supported in this marketplace");
    same(await page.locator("section .pri").allInnerTexts(), ["Correct tracking"], "what helps comes first");
    ensure(!(await words.isVisible()), "Amazon's words are folded");
    await page.locator("summary", { hasText: "Technical details" }).click();
    ensure(await words.isVisible(), "Amazon's words can be unfolded");
    await accessible(page, mode);
    await open(page, demo, "/inventory/pickings?amazon_sync=failed");
    same(await page.locator("main tbody tr").count(), 1, "transfers in the list of refused ones");
  });

  await step("retrying the same is refused again; the corrected carrier is taken, and turns green", async () => {
    await open(page, demo, refused);
    await go(page, page.getByRole("button", { name: "Retry Amazon Sync" }), (url) => url.pathname === refused);
    await sync(page, demo, account, "SYNC PICKINGS");
    await open(page, demo, refused);
    await page.locator("#head .badge", { hasText: FAILED }).waitFor();
    await go(page, page.getByRole("link", { name: "Correct tracking" }), /\/correct$/);
    await accessible(page, mode);
    same(await page.locator("#carrier").inputValue(), REFUSED, "the carrier that was told");
    await page.locator("#carrier").fill("Colissimo");
    await page.locator("#tracking").fill("6A33333333333");
    await go(page, page.getByRole("button", { name: "Save and tell Amazon" }), (url) => url.pathname === refused);
    await sync(page, demo, account, "SYNC PICKINGS");
    await sync(page, demo, account, "SYNC ORDERS");
    await open(page, demo, refused);
    await page.locator("#head .badge", { hasText: SYNCHRONIZED }).waitFor();
    const packages = await askAmazon(demo, `orders/${other}/packages`);
    same(packages.map((parcel) => parcel.tracking), ["6A33333333333"], "parcels on Amazon's side");
  });

  if (mode.startsWith("with ")) {
    await step("all rows of the page are ticked at once, and how many is said", async () => {
      await open(page, demo, "/inventory/pickings?state=assigned");
      const [rows, whole] = [page.locator("input[name=id]"), page.getByLabel("All on this page")];
      const count = await rows.count();
      await whole.check();
      same(await page.locator("#batch output").innerText(), String(count), "how many are ticked");
      await rows.first().uncheck();
      same(await page.locator("#batch output").innerText(), String(count - 1), "one less");
      ensure(!(await whole.isChecked()), "not all are ticked any more");
    });
    for (const [lang, back] of [["en", ""], ["fr", "en"]]) {
      await step(`the pages of deliveries are accessible and fit the narrowest window (${lang})`, async () => {
        if (back) await pressInUserMenu(page, page.locator(`button[name=lang][value=${lang}]`));
        const wrong = [];
        await open(page, demo, "/inventory/pickings");
        await fits(page);
        for (const path of ["/inventory/pickings", first, refused, `${refused}/correct`, "/amazon/feeds", "/inventory/carriers", `${account}/unlink`, `${account}/archive`]) {
          await open(page, demo, path);
          await accessible(page, mode).catch((error) => wrong.push(`${path}: ${error.message}`));
        }
        if (back) await pressInUserMenu(page, page.locator(`button[name=lang][value=${back}]`));
        ensure(wrong.length === 0, wrong.join("\n"));
      });
    }
  }
}

/** Places an FBM order of one line on the simulated Amazon; answers its number. */
async function placeOrder(demo, quantity) {
  const { orderId } = await askAmazon(demo, "orders", { channel: "MERCHANT", status: "UNSHIPPED", lines: [{ sku: SKU, quantity }] });
  return orderId;
}

/** Presses a button of the account and follows the run; Amazon's clock goes on first, so that it shows what was told. */
async function sync(page, demo, account, name) {
  await askAmazon(demo, "clock", { advanceSecs: AMAZON_DELAY_SECS });
  await open(page, demo, account);
  await go(page, page.getByRole("button", { name }), /\/amazon\/runs\/\d+$/);
  const state = await runToItsEnd(page);
  ensure(/^Succeeded/.test(state), `${name} succeeded, not: ${state}`);
}

/** Opens the first transfer of an order; answers its path. */
async function transferOf(page, demo, order) {
  await open(page, demo, `/inventory/pickings?q=${order}`);
  await go(page, page.locator("main tbody th a").first(), /\/inventory\/pickings\/\d+$/);
  return place(page);
}

/** Ships all of a transfer. */
async function ship(page, demo, transfer, carrier, tracking) {
  await open(page, demo, transfer);
  await page.locator("#carrier").fill(carrier);
  await page.locator("#tracking").fill(tracking);
  await go(page, page.getByRole("button", { name: "Ship all" }), (url) => url.pathname === transfer);
  await page.locator("#head .badge", { hasText: /^Done$/ }).waitFor();
}

/** Fails when the table is wider than the window, so that its last columns would be out of sight. */
async function fits(page) {
  const [wanted, there] = await page.locator("main .tablewrap").evaluate((box) => [box.scrollWidth, box.clientWidth]);
  ensure(wanted <= there, `the table is ${wanted} pixels wide in a room of ${there}`);
}

/** Fails when the page has a violation in either theme, or scrolls sideways; without JavaScript nothing can be asked. */
async function accessible(page, mode) {
  if (!mode.startsWith("with ")) return;
  const wrong = [];
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const violation of await violations(page)) wrong.push(`${scheme}: ${violation}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  const size = page.viewportSize();
  await page.setViewportSize({ width: NARROWEST, height: 800 });
  const [scrollWidth, clientWidth] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  await page.setViewportSize(size);
  if (scrollWidth > clientWidth) wrong.push(`the page is ${scrollWidth} pixels wide at ${clientWidth}`);
  ensure(wrong.length === 0, wrong.join("\n"));
}
