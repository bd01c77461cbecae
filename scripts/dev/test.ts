/**
 * Runs every compiled test file with node:test, and ends with the line `N passed, N failed`. Words narrow it to the files
 * that have one of them in their name; `--times` prints how long each file took.
 */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { readOptions } from './read-options.js';

const tests = fileURLToPath(new URL('../../tests/', import.meta.url));
const { positionals: wanted, values: options } = readOptions({
  allowPositionals: true,
  options: { times: { type: 'boolean', default: false } },
});

/** These take longest, in this order; if they began last, one core would wait for the other. */
const LONGEST = [
  'proof/variants',
  'proof/proof',
  'independent/',
  'scripts/same-verdicts',
  'scripts/run.',
  'suites/broken-step',
  'scripts/redaction/redaction',
  'hostile/',
  'scripts/doctor',
  'docs/',
  'scripts/signals',
  'scripts/html',
  'scripts/',
  'fixtures/',
];

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
  readonly details: { readonly type?: string; readonly duration_ms?: number };
  readonly file?: string | undefined;
  readonly nesting: number;
  readonly skip?: string | boolean;
}

/** A describe block or a file isn't a test, but one that fails must not be lost either. */
const isTest = ({ details }: Finished) => details.type !== 'suite';

const stream = run({
  files,
  // They wait for processes, browsers and timers for about half of their time, so twice as many as there are cores keep
  // all cores busy. More would only make each slower.
  concurrency: Math.max(1, Math.min(files.length, 2 * availableParallelism())),
});
/** Milliseconds that the tests of each file took, by its name. */
const times = new Map<string, number>();
const noteTime = ({ file = '', nesting, details }: Finished) => {
  if (nesting === 0) times.set(file, (times.get(file) ?? 0) + (details.duration_ms ?? 0));
};
stream.on('test:pass', (event: Finished) => {
  noteTime(event);
  if (event.skip !== undefined && event.skip !== false) count.skipped += 1;
  else if (isTest(event)) count.passed += 1;
});
stream.on('test:fail', (event: Finished) => {
  noteTime(event);
  if (isTest(event)) count.failed += 1;
  process.exitCode = 1;
});
stream.once('end', () => {
  if (count.passed + count.failed === 0) {
    process.stdout.write('No test was found.\n');
    process.exitCode = 1;
  }
  if (options.times) {
    for (const [file, milliseconds] of [...times].sort(([, one], [, other]) => other - one)) {
      process.stdout.write(`${(milliseconds / 1_000).toFixed(1).padStart(7)} s  ${relative(tests, file)}\n`);
    }
  }
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
  setImmediate(() => process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`));
});
stream.compose(new spec()).pipe(process.stdout);
