// The story of a second account: linked on Amazon's consent page, and told which permission is missing.
import { ensure, same } from "./check.mjs";
import { counts, go, heading, open, place, runToItsEnd, signIn } from "./pages.mjs";
import { askAmazon } from "./product.mjs";

/** The marketplace amazon.fr (Amazon, "Marketplace IDs"). */
const FRANCE = "A13V1IB3VIYZZH";

/** A little more than two minutes: what changed later is not given yet by Amazon (Orders API reference, `lastUpdatedBefore`). */
const AMAZON_DELAY_SECS = 150;

/** Links a second account of the demonstration; answers its path. */
export async function tellLinking(report, { demo, page, mode }) {
  const step = (name, work) => report.step(`${mode}: ${name}`, work);
  let account = "/amazon/accounts/2";

  await step("a second account is created once its sign-up marketplace is chosen", async () => {
    await page.goto(`${demo.base}/login?next=/amazon/accounts`);
    same(await signIn(page, demo), 303, "status");
    await go(page, page.getByRole("link", { name: "New account" }), /\/amazon\/accounts\/new$/);
    await page.locator("#name").fill("Second shop");
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Create and link" }).click();
    same((await answer).status(), 422, "status without a marketplace");
    await page.locator("#marketplace-error").waitFor();
    same(await page.locator("#name").inputValue(), "Second shop", "what was typed");
    await page.locator("#marketplace").selectOption(FRANCE);
    await go(page, page.getByRole("button", { name: "Create and link" }), /\/amazon\/accounts\/\d+$/);
    account = place(page);
    same(await heading(page), "Second shop", "heading");
    await page.getByText("This account is not linked yet").waitFor();
  });

  await step("who refuses on the consent page is told that nothing was linked", async () => {
    await consent(page, demo, account, "Refuse");
    await page.locator(".flash", { hasText: "the consent was not given" }).waitFor();
    same(place(page).split("?")[0], account, "place");
    await page.locator("h1 ~ .badge", { hasText: "Not linked" }).waitFor();
  });

  await step("the consent page links the account, and its marketplaces appear", async () => {
    await consent(page, demo, account, "Confirm");
    await page.locator(".flash", { hasText: "Linked with Amazon." }).waitFor();
    await page.locator("h1 ~ .badge", { hasText: "Linked" }).waitFor();
    same(await page.locator("#permissions .note").count(), 0, "refusals");
    await open(page, demo, `${account}?tab=marketplaces`);
    await page.getByText("Read from Amazon").waitFor();
    const followed = await page.locator("#marketplaces input:checked").count();
    ensure(followed > 0, "some marketplaces are synchronized");
    ensure((await page.locator("#marketplaces a", { hasText: "Europe" }).count()) > 0, "those of the other account say so");
  });

  await step("a permission that Amazon refuses is named in plain words, with the role that is missing", async () => {
    await page.goto(`${demo.amazon}/`);
    await page.locator("#r-part").selectOption("BUYER");
    await page.getByRole("button", { name: "Refuse" }).click();
    await page.getByRole("heading", { name: "Permissions: 1 refused" }).waitFor();
    await open(page, demo, `${account}?tab=credentials`);
    await page.getByRole("button", { name: "Test connection and permissions" }).click();
    const note = page.locator("#permissions .note");
    await note.waitFor();
    const text = (await note.innerText()).replace(/\s+/g, " ");
    for (const words of ["Amazon refuses 1 part of the orders", "Buyer", "names and e-mail addresses of buyers are missing", "Role: Tax Invoicing", "Orders are synchronized without it"]) {
      ensure(text.includes(words), `“${words}” in “${text}”`);
    }
    await open(page, demo, `${account}?tab=orders`);
    await go(page, page.locator("main .note a", { hasText: "Amazon refuses 1 part" }), /tab=credentials#permissions$/);
  });

  await step("the synchronization runs without the part that is refused", async () => {
    await askAmazon(demo, "orders", { channel: "MERCHANT", status: "UNSHIPPED", marketplace: "ES" });
    await askAmazon(demo, "clock", { advanceSecs: AMAZON_DELAY_SECS });
    await open(page, demo, account);
    await go(page, page.getByRole("button", { name: /^Sync now|SYNC ORDERS$/ }), /\/amazon\/runs\/\d+$/);
    ensure(/^Succeeded/.test(await runToItsEnd(page)), "the run succeeded");
    ensure((await counts(page)).Created >= 1, `the order of the marketplace is there: ${JSON.stringify(await counts(page))}`);
  });
  return account;
}

/** Goes to the consent page, which opens by itself, presses a button there, and comes back. */
async function consent(page, demo, account, name) {
  await open(page, demo, `${account}?tab=credentials`);
  await page.getByRole("button", { name: "Link with Amazon" }).click();
  await page.waitForURL((url) => url.origin === demo.amazon && url.pathname.endsWith("/consent"));
  same(await heading(page), "Authorize an application", "heading of the consent page");
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForURL((url) => url.origin === demo.base && url.pathname === account);
}
