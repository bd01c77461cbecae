/**
 * `npm run same-verdicts`: workers, shards, orders and chapters by themselves (with --each, also requirements by
 * themselves) change how long a run takes, never a verdict. --runs N takes N ways at random instead, on a server whose
 * responses take 5 to 500 ms. --chapter NAME narrows it, --defect ID breaks the sandbox; both may be repeated.
 */
import { UsageError } from '../../fixtures/errors.js';
import { catalog } from '../../suites/catalog.js';
import { readCount, readNames, readOptions, refuse } from './read-options.js';
import { compareVerdicts } from './same-verdicts/same-verdicts.js';

const SHARDS = 3;

const { values } = readOptions({
  options: {
    each: { type: 'boolean', default: false },
    runs: { type: 'string', default: '0' },
    chapter: { type: 'string', multiple: true, default: [] },
    defect: { type: 'string', multiple: true, default: [] },
  },
});
const chapters = readNames(
  '--chapter',
  values.chapter,
  catalog.map(({ id }) => id),
);
const randomRuns = readCount('--runs', values.runs, 0);

// Different seeds each time: this finds a dependence on the order sooner or later, and the line names the seed.
const seeds = Array.from({ length: 3 }, () => Math.random().toString(36).slice(2, 8));
const started = performance.now();
const { requirements, runs, differences } = await compareVerdicts({
  workers: [1, 4],
  shards: SHARDS,
  seeds,
  chapters,
  each: values.each,
  randomRuns,
  defects: values.defect,
  print: (line) => process.stdout.write(`${line}\n`),
}).catch((problem: unknown) => {
  if (problem instanceof UsageError) return refuse(problem.message);
  throw problem;
});
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(
  `${requirements} requirements in ${runs} runs: ${differences.length} differences, in ${seconds} s\n`,
);
process.exitCode = differences.length === 0 ? 0 : 1;
