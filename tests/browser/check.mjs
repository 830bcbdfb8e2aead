// What a story says: one line per step, and a reason when it does not hold.

/** Fails the step with a sentence. */
export function fail(sentence) {
  throw new Error(sentence);
}

/** Fails unless `holds`. */
export function ensure(holds, sentence) {
  if (!holds) fail(sentence);
}

/** Fails unless both are alike, compared as JSON. */
export function same(found, expected, what) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  ensure(left === right, `${what}: found ${left}, expected ${right}`);
}

/** How long a step may take in all, in milliseconds: what hangs is to fail and be named. */
const LONGEST_MS = 300_000;

/** Ends with `work`, or fails when it takes too long. */
async function inTime(work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${LONGEST_MS / 1000} s`)), LONGEST_MS);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Counts and prints the steps of all stories. */
export class Report {
  passed = 0;
  failed = 0;

  /** Runs one step; a failed one is told and the next goes on. */
  async step(name, work) {
    const start = performance.now();
    const number = this.passed + this.failed + 1;
    try {
      await inTime(work);
      this.passed += 1;
      console.log(`ok ${number} - ${name} (${Math.round(performance.now() - start)} ms)`);
      return true;
    } catch (error) {
      this.failed += 1;
      console.log(`not ok ${number} - ${name}`);
      for (const line of String(error?.message ?? error).split("\n").slice(0, 24)) console.log(`  # ${line}`);
      return false;
    }
  }

  /** The last line, alone; answers the exit code. */
  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
