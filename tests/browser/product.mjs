// Starts the demonstration in a folder of its own, on free ports of this machine, and always ends it.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const binary = resolve(repository, process.env.COMPTOIR_BIN ?? "target/debug/comptoir");

/** How long the demonstration may take to answer, in milliseconds. */
const START_MS = 60_000;

/** How long it may take to stop, in milliseconds: it promises 30 seconds. */
const STOP_MS = 35_000;

const running = new Set();

/** A port that nobody listens on at this moment. */
function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Starts `comptoir demo`; answers its addresses and how to sign in. */
export async function startDemo(...options) {
  const folder = await mkdtemp(join(tmpdir(), "comptoir-browser-"));
  const [port, amazonPort] = [await freePort(), await freePort()];
  const environment = { ...process.env, COMPTOIR_LISTEN: `127.0.0.1:${port}`, COMPTOIR_DATA_DIR: folder };
  for (const name of Object.keys(environment)) {
    if (/^(DATABASE_URL|COMPTOIR_(AMAZON_ENDPOINT|LWA_ENDPOINT|PUBLIC_URL|MASTER_KEY_FILE))$/.test(name)) delete environment[name];
  }
  const child = spawn(binary, ["demo", "--sandbox-listen", `127.0.0.1:${amazonPort}`, ...options], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const demo = { child, folder, log: "", amazon: `http://127.0.0.1:${amazonPort}` };
  running.add(demo);
  demo.ended = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
  child.stderr.on("data", (chunk) => { demo.log = (demo.log + chunk).slice(-20_000); });
  await new Promise((ready, failed) => {
    const timer = setTimeout(() => failed(new Error(`the demonstration did not answer in ${START_MS} ms\n${demo.log}`)), START_MS);
    const over = (reason) => { clearTimeout(timer); failed(new Error(`${reason}\n${demo.log}`)); };
    child.once("error", (error) => over(`${binary} could not be started: ${error.message}`));
    child.once("exit", (code) => over(`the demonstration ended with code ${code}`));
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      demo.email = /^Sign in with: +(\S+)$/m.exec(text)?.[1];
      demo.password = /^Password: +(\S+)$/m.exec(text)?.[1];
      demo.base = /^Comptoir answers on (\S+)$/m.exec(text)?.[1];
      if (demo.email && demo.password && demo.base) { clearTimeout(timer); ready(); }
    });
  });
  return demo;
}

/** Ends a demonstration as an operator does; answers how it ended. */
export async function stopDemo(demo) {
  if (!running.delete(demo)) return undefined;
  demo.child.kill("SIGTERM");
  const timer = setTimeout(() => demo.child.kill("SIGKILL"), STOP_MS);
  const ended = await demo.ended;
  clearTimeout(timer);
  await rm(demo.folder, { recursive: true, force: true });
  return ended;
}

/** Ends all that still runs, for instance when a test was interrupted. */
export function stopAll() {
  return Promise.all([...running].map(stopDemo));
}

process.once("exit", () => { for (const demo of running) demo.child.kill("SIGKILL"); });

/** Asks the simulated Amazon, or tells it something (`body`; null for nothing more to say); answers its JSON. */
export async function askAmazon(demo, path, body) {
  const answer = await fetch(`${demo.amazon}/_sandbox/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: body ? { "content-type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!answer.ok) throw new Error(`the simulated Amazon answered ${answer.status} to ${path}: ${await answer.text()}`);
  const text = await answer.text();
  return text === "" ? undefined : JSON.parse(text);
}
