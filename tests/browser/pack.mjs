// The story of the packing table: a phone, a scanner that types, and nothing else that is touched.
import { ensure, same } from "./check.mjs";
import { go, open, openAccount, openUserMenu, place, pressInUserMenu, runToItsEnd, signIn } from "./pages.mjs";
import { askAmazon } from "./product.mjs";

/** A phone held upright. */
const PHONE = { width: 390, height: 844 };

/** A little more than two minutes: what changed later is not given yet by Amazon. */
const AMAZON_DELAY_SECS = 150;

/** The smallest side of what is touched while packing, in pixels. */
const SMALLEST = 44;

/** What the order is of. */
const SOLD = "CAF-FILTER-100";

/** Packs an order of three with a scanner; signs in, and signs out at the end. */
export async function tellPacking(report, { demo, page, mode }) {
  const step = (name, work) => report.step(`${mode}: ${name}`, work);
  const hasScript = mode.startsWith("with ");
  const wide = page.viewportSize();
  let [transfer, code] = ["", ""];

  const isFocused = () => page.locator("#code").evaluate((field) => document.activeElement === field);

  /** Types a code and Enter, as a scanner does, and waits for what the page says of it. */
  const scan = async (text, expected) => {
    if (hasScript) ensure(await isFocused(), `the field has the focus before ${text}`);
    const answer = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/scan"));
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
    const status = (await answer).status();
    await page.getByText(expected).first().waitFor();
    ensure(await isFocused(), `the field has the focus after ${text}`);
    return status;
  };

  await step("an order of three is there to be packed", async () => {
    const { orderId } = await askAmazon(demo, "orders", { channel: "MERCHANT", status: "UNSHIPPED", lines: [{ sku: SOLD, quantity: 3 }] });
    await askAmazon(demo, "clock", { advanceSecs: AMAZON_DELAY_SECS });
    await page.goto(`${demo.base}/login`);
    same(await signIn(page, demo), 303, "status");
    await pressInUserMenu(page, page.locator("button[name=on][value=yes]"));
    await openAccount(page);
    await go(page, page.getByRole("button", { name: "SYNC ORDERS" }), /\/amazon\/runs\/\d+$/);
    ensure(/^Succeeded/.test(await runToItsEnd(page)), "the run succeeded");
    await open(page, demo, `/inventory/pickings?q=${orderId}`);
    await go(page, page.locator("main tbody th a").first(), /\/inventory\/pickings\/\d+$/);
    transfer = place(page);
    await page.setViewportSize(PHONE);
    await go(page, page.getByRole("link", { name: "Pack", exact: true }), /\/pack$/);
    code = (await page.locator(".packed .sub2").first().innerText()).split(" ·")[0].trim();
    ensure(code !== "", "the item has a code");
  });

  await step("nothing that is touched while packing is smaller than a thumb", async () => {
    await open(page, demo, `${transfer}/pack`);
    const small = await page.locator(".scan input:not([type=hidden]), .scan button, .pack button, .pack a.btn").evaluateAll((controls, smallest) =>
      controls.map((control) => [control.textContent || control.id, control.getBoundingClientRect()])
        .filter(([, box]) => box.width < smallest || box.height < smallest).map(([name, box]) => `${name} ${box.width}×${box.height}`), SMALLEST);
    same(small, [], "controls that are too small");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    ensure(width <= PHONE.width, `the page is ${width} wide and does not fit`);
  });

  await step("a code that is not in the transfer stays readable and counts nothing", async () => {
    same(await scan("5901234123457", "This code is not in this transfer"), 422, "status");
    same((await page.locator("[role=alert] #unknown").innerText()).trim(), "5901234123457", "the code");
    ensure((await page.locator(".tally").innerText()).includes("0 / 3"), "nothing is counted");
  });

  if (hasScript) await step("without a network codes wait in their order; when it is back, an undo takes back the last of them", async () => {
    const tally = (text) => page.locator(".tally", { hasText: text }).waitFor();
    await page.context().setOffline(true);
    try {
      // The browser tells the page a little later; what is sent until then is lost, not waiting.
      await page.waitForFunction(() => !navigator.onLine);
      await page.keyboard.type(code);
      await page.keyboard.press("Enter");
      await page.locator(".packed button", { hasText: "+" }).click();
      await page.getByRole("button", { name: "Undo", exact: true }).click();
      await page.locator("#waiting", { hasText: "No network" }).waitFor();
      same(await page.locator("#waiting li").count(), 3, "what waits");
      same((await page.locator("#waiting li").first().innerText()).trim(), code, "the first that waits");
    } finally {
      await page.context().setOffline(false);
    }
    await tally("1 / 3");
    await page.locator("#waiting").waitFor({ state: "hidden" });
    await page.locator(".packed button", { hasText: "−" }).click();
    await tally("0 / 3");
    ensure(await isFocused(), "the field has the focus again");
  });

  await step("three items, a label and a command send the parcel off; the focus never leaves the field", async () => {
    for (const count of [1, 2, 3]) {
      await scan(code, `: ${count} of 3.`);
      // A scanner that reads the same label twice within a blink is a bounce; a person needs longer.
      if (hasScript) await page.waitForFunction((at) => performance.now() - at > 320, await page.evaluate(() => performance.now()));
    }
    await scan("6A12345678901", "Tracking reference: 6A12345678901.");
    await scan("CMD:VALIDATE", /done\. Amazon is told at/);
    same((await page.locator("#pack .badge").first().innerText()).trim(), "Done", "state");
    same(place(page).split("?")[0], `${transfer}/pack`, "place");
    await page.setViewportSize(wide);
  });

  await step("one who has packed signs out", async () => {
    const menu = await openUserMenu(page);
    await go(page, menu.getByRole("button", { name: "Log out" }), /\/login/);
  });
}
