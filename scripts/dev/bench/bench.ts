/**
 * `npm run bench`: what a run, a proof and a start of the command cost. Each round measures a whole run and, right after
 * it, a floor in the same minutes: times differ between machines, their ratio and processor seconds much less.
 * Prints a table with medians, lowest and highest figures, and writes all figures as JSON. Asserts nothing.
 *
 *     npm run bench -- --rounds 1 --json bench.json --only run,start
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { readCount, readNames, readOptions, readOutputFile } from '../read-options.js';
import { flowsPerSecond } from './flows.js';
import { CLI, type Measured, measure } from './measure.js';
import { median } from './median.js';
import { KINDS } from './processes.js';
import {
  brokenRun,
  floor,
  growth,
  noLoginRun,
  type RunFigures,
  silentRun,
  slowRun,
  unsteadyRun,
  wholeRun,
} from './runs.js';
import { type Row, renderJson, renderTable } from './table.js';

const PARTS = [
  'run',
  'floor',
  'thorough',
  'start',
  'broken',
  'slow',
  'unsteady',
  'stuck',
  'growth',
  'prove',
  'flows',
] as const;
type Part = (typeof PARTS)[number];

/** A figure of one round: its name, its unit, its value. */
type Figures = Map<string, { readonly unit: string; readonly values: number[] }>;

const { values: options } = readOptions({
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    only: { type: 'string', default: PARTS.join(',') },
  },
});
const rounds = readCount('--rounds', options.rounds, 1);
const chosen = new Set(readNames('--only', options.only.split(','), PARTS));
if (options.json !== undefined) readOutputFile('--json', options.json);
const figures: Figures = new Map();
/** How many processes wanted a processor in the minute before each part. */
const loads: number[] = [];

function add(name: string, unit: string, value: number): void {
  const known = figures.get(name) ?? { unit, values: [] };
  known.values.push(value);
  figures.set(name, known);
}

function addRun(name: string, run: RunFigures): void {
  add(`${name}: wall`, 's', run.seconds);
  add(`${name}: CPU`, 's', run.usage.total);
  for (const kind of KINDS) {
    if (run.usage.seconds[kind] > 0) add(`${name}: CPU of ${kind}`, 's', run.usage.seconds[kind]);
  }
  add(`${name}: renderers started`, '', run.usage.renderers);
  add(`${name}: most memory`, 'MiB', run.usage.peakMiB);
  add(`${name}: requirements`, '', run.requirements);
  add(`${name}: exchanges`, '', run.exchanges);
  add(`${name}: documents asked by the browser`, '', run.pages);
  for (const [chapter, seconds] of Object.entries(run.chapters)) {
    add(`${name}: checks of ${chapter}`, 's', seconds);
  }
}

/** The server of these runs is in this process, so its share of the CPU is missing. */
function addTimes(name: string, { seconds, usage }: Measured): void {
  add(`${name}: wall`, 's', seconds);
  add(`${name}: CPU of the run`, 's', usage.total);
}

const measured: Readonly<Record<Part, () => Promise<void>>> = {
  run: async () => addRun('run', await wholeRun()),
  floor: async () => {
    const { seconds, usage } = await floor();
    add('floor: wall', 's', seconds);
    add('floor: CPU', 's', usage.total);
  },
  thorough: async () => addRun('run --thorough', await wholeRun(['--thorough'])),
  start: async () => {
    const starts = {
      '--help': ['--help'],
      'one requirement by HTTP': ['run', 'sandbox', '--only', 'discovery-document', '--no-browser'],
      'one requirement with a page': ['run', 'sandbox', '--only', 'authz-state-echo'],
      repeat: ['repeat', 'authz-state-echo', 'sandbox'],
    };
    for (const [name, command] of Object.entries(starts)) {
      const { seconds, firstLine, usage } = await measure([CLI, ...command]);
      add(`${name}: wall`, 's', seconds);
      add(`${name}: first line`, 's', firstLine);
      add(`${name}: CPU`, 's', usage.total);
    }
  },
  broken: async () => addTimes('run with 30 defects', await brokenRun()),
  slow: async () => addTimes('run with 100 ms for each answer', await slowRun()),
  unsteady: async () => addTimes('run with 5 to 500 ms for each answer', await unsteadyRun()),
  stuck: async () => {
    addTimes('run with a login that never works', await noLoginRun());
    addTimes('run on a server that falls silent', await silentRun());
  },
  growth: async () => {
    const { counts, seconds, eachMs, eachCpuMs } = await growth();
    counts.forEach((count, index) => {
      add(`run of ${count} requirements without a page: wall`, 's', seconds[index] ?? Number.NaN);
    });
    add('each further requirement without a page: wall', 'ms', eachMs);
    add('each further requirement without a page: CPU', 'ms', eachCpuMs);
  },
  prove: async () => {
    const { seconds, usage } = await measure([CLI, 'prove']);
    add('prove: wall', 's', seconds);
    add('prove: CPU', 's', usage.total);
  },
  flows: async () => {
    const found = await flowsPerSecond();
    for (const [name, value] of Object.entries(found)) add(`code flows for a CPU second: ${name}`, '', value);
  },
};

for (let round = 1; round <= rounds; round += 1) {
  for (const part of PARTS) {
    if (!chosen.has(part)) continue;
    process.stderr.write(`round ${round} of ${rounds}: ${part}\n`);
    loads.push(loadavg()[0] ?? 0);
    // One part that fails is no reason to lose the others.
    await measured[part]().catch((problem: unknown) => {
      process.stderr.write(`${part}: ${String(problem)}\n`);
      process.exitCode = 1;
    });
  }
}

const medianOf = (name: string) => median(figures.get(name)?.values ?? []);
/** By the medians of both. */
const ratios = (
  [
    ['run over floor: wall', 'run: wall', 'floor: wall'],
    ['run over floor: CPU', 'run: CPU', 'floor: CPU'],
    ['30 defects over run: wall', 'run with 30 defects: wall', 'run: wall'],
    ['100 ms for each answer over run: wall', 'run with 100 ms for each answer: wall', 'run: wall'],
    ['5 to 500 ms for each answer over run: wall', 'run with 5 to 500 ms for each answer: wall', 'run: wall'],
    ['a login that never works over run: wall', 'run with a login that never works: wall', 'run: wall'],
  ] as const
).map(([name, one, other]) => ({ name, value: medianOf(one) / medianOf(other) }));

const rows: readonly Row[] = [
  ...[...figures].map(([name, { unit, values }]) => ({ name, unit, values })),
  ...ratios
    .filter(({ value }) => !Number.isNaN(value))
    .map(({ name, value }) => ({ name, unit: '', values: [value] })),
];
process.stdout.write(renderTable(rows, rounds, loads));
if (options.json !== undefined) writeFileSync(options.json, renderJson(rows, rounds, loads));
