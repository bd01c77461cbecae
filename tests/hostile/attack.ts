/** Lets `run` judge a hostile server, and looks at what that did to the machine and to the report. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stretched } from '../../fixtures/time/deadline.js';
import { readReport } from '../../scripts/report/files.js';
import type { Result } from '../../suites/result.js';
import { CliRunner, type Ended } from '../scripts/cli.js';
import type { Fault } from './answers.js';
import { MemoryWatch, type Sizes } from './memory.js';
import type { Place } from './places.js';
import { startHostileServer } from './server.js';

export interface Aftermath extends Sizes {
  readonly code: number | null;
  readonly seconds: number;
  /** Of the requirement that met the fault; `refused` if the command judged nothing. */
  readonly status: string;
  /** Its message, or what the command printed instead. */
  readonly sentence: string;
  /** Processes and files that are still there. */
  readonly left: readonly string[];
  /** What is wrong with it; empty if all holds. */
  readonly complaints: readonly string[];
}

/** No process of ours may need more. */
const MOST_NODE_MIB = 500;
/** The flags of the browser bound each of its processes, and this is what they add up to. */
const MOST_BROWSER_MIB = 2_048;
/** What takes longer hangs. */
const LIMIT_MS = 3 * 60_000;
const MOST_CHARACTERS = 1_000;
/** What the browser's driver says to programmers. */
const DRIVER_TEXT =
  /\n\s+at |Call log|net::ERR_|Timeout \d+ms|\b(page|locator|frame|browserContext|cdpSession)\.\w+: /;

/** @returns what came of it; a fault that the requirement doesn't look at may pass */
export async function attack(place: Place, fault: Fault): Promise<Aftermath> {
  const runner = new CliRunner();
  const server = await startHostileServer(place, fault);
  const begun = performance.now();
  const memory = new MemoryWatch(runner.temporary);
  try {
    writeFileSync(join(runner.cwd, 'target.json'), JSON.stringify(server.settings));
    const only = [place.own, ...place.rest].flatMap((id) => ['--only', id]);
    const { child, ended } = runner.start(['run', 'target.json', ...only, '--workers', '1', '--out', 'out']);
    const limit = setTimeout(() => child.kill('SIGKILL'), stretched(LIMIT_MS));
    const outcome = await ended;
    clearTimeout(limit);
    const sizes = memory.end();
    const results = readResults(join(runner.cwd, 'out', 'last.json'));
    const left = [
      ...runner.leftTemporary(),
      ...runner.processes(),
      ...(existsSync(join(runner.cwd, 'out', 'fault.txt')) ? ['fault.txt'] : []),
    ];
    const own = results?.find(({ id }) => id === place.own);
    return {
      ...sizes,
      code: outcome.code,
      seconds: Math.round((performance.now() - begun) / 1000),
      status: own?.status ?? 'refused',
      sentence: (own === undefined ? null : sentenceOf(own)) ?? lastLine(outcome),
      left,
      complaints: [
        ...findFaultsOfOurs(outcome),
        ...left.map((name) => `left: ${name}`),
        ...(isRefusedForItsPages(outcome) ? [] : findBadResults(place, results)),
        ...findExcess(sizes),
      ],
    };
  } finally {
    memory.end();
    await server.close();
    runner.remove();
  }
}

/** @throws AssertionError that says what didn't hold */
export function assertHarmless({ complaints }: Aftermath): void {
  assert.deepEqual(complaints, []);
}

function findFaultsOfOurs({ code, stdout, stderr }: Ended): readonly string[] {
  const printed = stdout + stderr;
  return [
    ...([0, 1, 3].includes(code ?? -1) ? [] : [`exit code ${code}: ${printed.slice(-1_000)}`]),
    ...(/^\s+at |TypeError|RangeError|call stack|A fault of/m.test(printed)
      ? [`a stack trace or fault: ${printed.slice(-1_000)}`]
      : []),
  ];
}

/** Where no user can sign in, a run says why and which setting to change, and ends. */
function isRefusedForItsPages({ code, stderr }: Ended): boolean {
  return code === 3 && /^The (page at \S+ is not understood: |\w+ user can't sign in: )/.test(stderr);
}

/** The right status, in one sentence; what doesn't need the place is judged all the same. */
function findBadResults(place: Place, results: readonly Result[] | null): readonly string[] {
  if (results === null) return place.rest.length === 0 ? [] : ['nothing was judged'];
  const unjudged = results.filter(({ id, status }) => place.rest.includes(id) && status !== 'pass');
  const long = results.filter((result) => {
    const sentence = sentenceOf(result) ?? '';
    return sentence.includes('\n') || sentence.length > MOST_CHARACTERS || DRIVER_TEXT.test(sentence);
  });
  return [
    ...unjudged.map((result) => `not judged: ${result.id} is ${result.status}: ${sentenceOf(result)}`),
    ...long.map((result) => `not a sentence: ${result.id}: ${sentenceOf(result)}`),
  ];
}

function findExcess({ nodeMiB, browserMiB }: Sizes): readonly string[] {
  return [
    ...(nodeMiB > MOST_NODE_MIB ? [`${nodeMiB} MiB of memory`] : []),
    ...(browserMiB > MOST_BROWSER_MIB ? [`${browserMiB} MiB of memory in the browser`] : []),
  ];
}

function sentenceOf({ message, reason }: Result): string | null {
  return message ?? reason;
}

function lastLine({ stdout, stderr }: Ended): string {
  return (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
}

function readResults(path: string): readonly Result[] | null {
  return existsSync(path) ? readReport(path).results : null;
}
