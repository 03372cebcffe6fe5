import { appWindow } from './window.js';

/** The tests of the suite, in the order in which they run: a person's session, each step building on the last. */
export interface E2eTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message: string;
  readonly milliseconds: number;
}

/** Runs the tests one after the other. `only` is a part of a name, or empty. */
export async function runTests(tests: readonly E2eTest[], only: string): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const test of tests) {
    if (!test.name.includes(only)) {
      results.push({ name: test.name, status: 'skipped', message: '', milliseconds: 0 });
      continue;
    }
    const start = performance.now();
    const failure = await test.run().then(
      () => null,
      (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    if (failure !== null) await appWindow.screenshot(`failed-${test.name.replace(/\W+/g, '-')}`).catch(() => undefined);
    const milliseconds = Math.round(performance.now() - start);
    results.push({
      name: test.name,
      status: failure === null ? 'passed' : 'failed',
      message: failure ?? '',
      milliseconds,
    });
  }
  return results;
}

/** Waits until `probe` gives a value other than null, at most `limit` milliseconds. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | null> | T | null,
  limit = 30_000,
): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    const value = await probe();
    if (value !== null) return value;
    if (performance.now() > end) throw new Error(`${what}: not within ${limit / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
