/** The last line of `npm test`: how many tests of all kinds passed, failed and were skipped. */

import { existsSync, readFileSync } from 'node:fs';

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);

const unit = read('test-artifacts/unit-results.json');
const window = read('test-artifacts/e2e-results.json') ?? [];
const inWindow = (status) => window.filter((result) => result.status === status).length;

const passed = (unit?.numPassedTests ?? 0) + inWindow('passed');
const failed = (unit?.numFailedTests ?? 0) + inWindow('failed');
const skipped = (unit?.numPendingTests ?? 0) + inWindow('skipped');
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(passed > 0 && failed === 0 ? 0 : 1);
