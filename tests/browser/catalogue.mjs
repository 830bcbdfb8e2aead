// The stories of products and carriers: one by hand, many from a file, and two people at one form.
import { ensure, same } from "./check.mjs";
import { violations } from "./crawl.mjs";
import { go, heading, open, openUserMenu, place } from "./pages.mjs";

/** How long a file of a few rows may take to be compared or written, in milliseconds. */
const IMPORT_MS = 60_000;

const HEADS = "default_code;name;barcode;list_price;standard_price";

/** Products and carriers of one who is signed in; signs out at the end. Answers the path of an import with a refused row. */
export async function tellCatalogue(report, { demo, page, mode }) {
  const step = (name, work) => report.step(`${mode}: ${name}`, work);
  const bad = [HEADS, "STORY-2;A mug;4006381333931;12,50;4", "STORY-4;;123;abc;1"];
  let [product, refused] = ["", "/sales/products/imports/1"];

  await step("a product is created, and a missing name is asked for beside its field", async () => {
    await open(page, demo, "/sales/products");
    await go(page, page.getByRole("link", { name: "New", exact: true }), /\/sales\/products\/new$/);
    await page.locator("#reference").fill("STORY-1");
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Create the product" }).click();
    same((await answer).status(), 422, "status without a name");
    await page.locator("#name-error").waitFor();
    same(await page.locator("#reference").inputValue(), "STORY-1", "what was typed");
    await page.locator("#name").fill("Story in a box");
    await page.locator("#sales_price").fill("19.90");
    await go(page, page.getByRole("button", { name: "Create the product" }), /\/sales\/products\/\d+$/);
    product = place(page);
    same(await heading(page), "Story in a box", "heading");
  });

  if (mode.startsWith("with ")) await step("what was typed is not left without being asked", async () => {
    await open(page, demo, product);
    await page.locator("#name").fill("Story on a shelf");
    const questions = [];
    const answer = (isLeaving) => page.once("dialog", (dialog) => {
      questions.push(dialog.message());
      return isLeaving ? dialog.accept() : dialog.dismiss();
    });
    const link = page.locator("nav.crumbs a").first();
    answer(false);
    await link.click();
    same(place(page), product, "place of one who stays");
    same(await page.locator("#name").inputValue(), "Story on a shelf", "what was typed");
    answer(true);
    await go(page, link, /\/sales\/products$/);
    same(questions.length, 2, "questions");
    ensure(questions.every((question) => question.includes("not saved yet")), questions.join(" "));
    await open(page, demo, product);
    same(await heading(page), "Story in a box", "heading of one who left");
  });

  await step("two people at one product: both values are shown, and one's own can be saved anyway", async () => {
    const other = await page.context().newPage();
    await open(other, demo, product);
    await open(page, demo, product);
    await other.locator("#name").fill("Story in a bag");
    const saved = other.waitForResponse((response) => response.request().method() === "POST");
    await other.getByRole("button", { name: "Save", exact: true }).click();
    same((await saved).status(), 303, "status of the first to save");
    // Closed while it is still on its way to the next page, a page may never say that it is closed.
    await other.locator(".flash", { hasText: "The product was saved." }).waitFor();
    await other.close();
    await page.locator("#name").fill("Story in a tin");
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    same((await answer).status(), 409, "status of the second to save");
    const row = (await page.locator("#problem tbody tr", { hasText: "Name" }).innerText()).replace(/\s+/g, " ");
    ensure(row.includes("Story in a bag") && row.includes("Story in a tin"), `both names in “${row}”`);
    if (mode.startsWith("with ")) {
      const wrong = await violations(page);
      ensure(wrong.length === 0, wrong.join("\n"));
    }
    await page.getByRole("button", { name: "Save mine anyway" }).click();
    await page.locator(".flash", { hasText: "The product was saved." }).waitFor();
    same(await heading(page), "Story in a tin", "heading");
    await page.getByText("Name: Story in a bag → Story in a tin").waitFor();
  });

  await step("a file with a bad row says which and why, and nothing is written", async () => {
    await upload(page, demo, bad);
    same(await outcome(page, "Checked"), "Checked", "state");
    const row = (await page.locator("main tbody tr", { hasText: "STORY-4" }).innerText()).replace(/\s+/g, " ");
    ensure(/Refused/.test(row) && /Name is missing/.test(row) && /found: abc/.test(row), `the row says why: ${row}`);
    await page.getByText("1 row is refused.").waitFor();
    same(await page.getByRole("button", { name: "Import", exact: true }).count(), 0, "buttons to import");
    await open(page, demo, "/sales/products?q=STORY-2");
    same(await page.locator("main tbody tr").count(), 0, "products of the file");
  });

  await step("the corrected file is checked, imported, and its products are there", async () => {
    await upload(page, demo, [HEADS, "STORY-2;A mug;4006381333931;12,50;4", "STORY-3;A plate;;9;1"]);
    same(await outcome(page, "Checked"), "Checked", "state");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    same(await outcome(page, "Imported"), "Imported", "state");
    await open(page, demo, "/sales/products?q=STORY-");
    same(await page.locator("main tbody tr").count(), 3, "products of the story");
    ensure((await page.locator("main tbody tr", { hasText: "STORY-2" }).innerText()).includes("12.50"), "the price of the file");
  });

  await step("a kit comes with its components, and a component that nobody knows is told", async () => {
    const heads = "reference;name;type;components";
    await upload(page, demo, [heads, "STORY-5;A place setting;kit;\"STORY-2 x 2; STORY-9\""]);
    same(await outcome(page, "Checked"), "Checked", "state");
    await page.getByText("No product has the internal reference “STORY-9”").waitFor();
    await upload(page, demo, [heads, "STORY-5;A place setting;kit;\"STORY-2 x 2; STORY-3\""]);
    same(await outcome(page, "Checked"), "Checked", "state");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    same(await outcome(page, "Imported"), "Imported", "state");
    await open(page, demo, "/sales/products?q=STORY-5");
    await go(page, page.locator("main tbody th a"), /\/sales\/products\/\d+$/);
    same(await page.locator("input[name=component]").first().inputValue(), "STORY-2", "the first component");
    // A file that waits is replaced by the next; this one stays for who looks at all pages.
    refused = await upload(page, demo, bad);
    same(await outcome(page, "Checked"), "Checked", "state");
  });

  await step("offers come from a file, whose wrong rows say why, and it is accessible", async () => {
    // The linking before this story made a second account, so the file says which is meant.
    const heads = "sku;reference;marketplace;account";
    const offers = (rows) => upload(page, demo, [heads, ...rows], "/amazon/offers");
    await offers(["STORY-A;STORY-2;FR;Europe", "STORY-B;STORY-9;FR;Europe", "STORY-C;STORY-2;US;Europe"]);
    same(await outcome(page, "Checked"), "Checked", "state");
    await page.getByText("No active product has the internal reference “STORY-9”").waitFor();
    await page.getByText("“US” is no marketplace in the region of the account").waitFor();
    if (mode.startsWith("with ")) {
      const wrong = await violations(page);
      ensure(wrong.length === 0, wrong.join("\n"));
    }
    await offers(["STORY-A;STORY-2;FR;Europe", "STORY-B;STORY-3;FR;Europe"]);
    same(await outcome(page, "Checked"), "Checked", "state");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    same(await outcome(page, "Imported"), "Imported", "state");
    await open(page, demo, "/amazon/offers?q=STORY-");
    same(await page.locator("main tbody tr").count(), 2, "offers of the file");
  });

  await step("Amazon at a glance leads to the orders of today", async () => {
    await open(page, demo, "/amazon");
    const count = page.locator("#accounts a[href*='date=today']").first();
    const shown = Number((await count.innerText()).replace(/\D/g, ""));
    await go(page, count, /\/sales\/orders\?/);
    ensure((await page.locator("p.count").innerText()).includes(String(shown)), "the same number");
  });

  await step("the usual carriers are added, and one knows how its parcels are followed", async () => {
    await open(page, demo, "/inventory/carriers");
    await page.getByRole("button", { name: "Add the usual carriers" }).click();
    await go(page, page.locator("main tbody th a", { hasText: "Chronopost" }), /\/inventory\/carriers\/\d+$/);
    const example = page.locator("#example a");
    ensure((await example.getAttribute("href")).startsWith("https://www.chronopost.fr/"), "an example of the tracking link");
  });

  await step("one signs out", async () => {
    const menu = await openUserMenu(page);
    await go(page, menu.getByRole("button", { name: "Log out" }), /\/login/);
  });
  return refused;
}

/** Uploads a file and lets it be checked with the columns that were recognised; answers the path of the import. */
async function upload(page, demo, rows, list = "/sales/products") {
  await open(page, demo, `${list}/imports`);
  await page.locator("#file").setInputFiles({ name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from(`${rows.join("\n")}\n`) });
  await go(page, page.getByRole("button", { name: "Upload" }), new RegExp(`${list}/imports/\\d+$`));
  const path = place(page);
  await page.getByRole("button", { name: "Check the rows" }).click();
  return path;
}

/** Waits until the import on the page is in a state, and its report is there; answers the state. */
async function outcome(page, state) {
  const badge = page.locator("section[id^=job-] h2 .badge").filter({ hasText: new RegExp(`^${state}$`) });
  await badge.waitFor({ timeout: IMPORT_MS });
  await page.getByRole("heading", { name: "Report" }).waitFor({ timeout: IMPORT_MS });
  return (await badge.innerText()).trim();
}
