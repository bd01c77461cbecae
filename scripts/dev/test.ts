/** Runs every compiled test file with node:test, and ends with the line `N passed, N failed`. */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { readOptions } from './read-options.js';

const tests = fileURLToPath(new URL('../../tests/', import.meta.url));
const { positionals: wanted } = readOptions({ allowPositionals: true });

/** These take longest; if they began last, one core would wait for the other. */
const LONGEST = ['proof/', 'independent/', 'docs/commands', 'fixtures/'];

function rank(name: string): number {
  const index = LONGEST.findIndex((start) => name.startsWith(start));
  return index === -1 ? LONGEST.length : index;
}

const files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
  .map((name) => join(tests, name));

const count = { passed: 0, failed: 0, skipped: 0 };

interface Finished {
  readonly details: { readonly type?: string };
  readonly skip?: string | boolean;
}

/** A describe block or a file isn't a test, but one that fails must not be lost either. */
const isTest = ({ details }: Finished) => details.type !== 'suite';

const stream = run({
  files,
  // Many of these start browsers: running far more than there are cores at once only makes each slower. One extra fills
  // the time in which the others wait.
  concurrency: Math.max(1, Math.min(files.length, availableParallelism() + 1)),
});
stream.on('test:pass', (event: Finished) => {
  if (event.skip !== undefined && event.skip !== false) count.skipped += 1;
  else if (isTest(event)) count.passed += 1;
});
stream.on('test:fail', (event: Finished) => {
  if (isTest(event)) count.failed += 1;
  process.exitCode = 1;
});
stream.once('end', () => {
  if (count.passed + count.failed === 0) {
    process.stdout.write('No test was found.\n');
    process.exitCode = 1;
  }
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
  setImmediate(() => process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`));
});
stream.compose(new spec()).pipe(process.stdout);
