/** Lets `run` judge a hostile server, and looks at what it did to the machine meanwhile. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReport } from '../../scripts/report/files.js';
import { CliRunner } from '../scripts/cli.js';
import type { Fault } from './faults.js';
import { startHostileServer } from './server.js';

/** One requirement for each thing that is asked of a server, and one that needs a user's decision. */
const JUDGED = [
  'discovery-document',
  'discovery-jwks',
  'client-register',
  'token-exchange',
  'userinfo-get',
  'introspect-active',
  'revoke-refresh-token',
  'consent-deny',
];

export interface Aftermath {
  readonly code: number | null;
  readonly seconds: number;
  /** The largest process of ours, and of the browser, in MiB; 0 where the system doesn't tell. */
  readonly nodeMiB: number;
  readonly browserMiB: number;
  /** How many results have each status, as 'pass 3, error 2'; what was printed where there is no report. */
  readonly said: string;
  /** What is wrong with it; nothing where all holds. */
  readonly complaints: readonly string[];
}

/** No process of ours may need more. */
const MOST_NODE_MIB = 500;
const MOST_BROWSER_MIB = 2_048;
const LIMIT_MS = 15 * 60_000;

export async function attack(place: string, fault: Fault): Promise<Aftermath> {
  const runner = new CliRunner();
  const server = await startHostileServer(place, fault);
  const begun = performance.now();
  const sizes = new Sizes(runner.temporary);
  try {
    writeFileSync(join(runner.cwd, 'target.json'), JSON.stringify(server.settings));
    const only = JUDGED.flatMap((id) => ['--only', id]);
    const { child, ended } = runner.start(['run', 'target.json', ...only, '--workers', '1', '--out', 'out']);
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const { code, stdout, stderr } = await ended;
    clearTimeout(limit);
    const { nodeMiB, browserMiB } = sizes.end();
    const printed = stdout + stderr;
    const complaints = [
      ...([0, 1, 3].includes(code ?? -1) ? [] : [`exit code ${code}`]),
      ...(/^\s+at |TypeError|RangeError|call stack|A fault of/m.test(printed)
        ? ['a stack trace or fault']
        : []),
      ...(existsSync(join(runner.cwd, 'out', 'fault.txt')) ? ['fault.txt'] : []),
      ...runner.leftTemporary().map((name) => `left: ${name}`),
      ...runner.processes().map((process) => `still running: ${process}`),
      ...(nodeMiB > MOST_NODE_MIB ? [`${nodeMiB} MiB of memory`] : []),
      ...(browserMiB > MOST_BROWSER_MIB ? [`${browserMiB} MiB of memory in the browser`] : []),
    ];
    return {
      code,
      seconds: Math.round((performance.now() - begun) / 1000),
      nodeMiB,
      browserMiB,
      said: statusesIn(join(runner.cwd, 'out', 'last.json')) ?? printed.trim().split('\n').at(-1) ?? '',
      complaints: complaints.length === 0 ? [] : [...complaints, printed.slice(-2_000)],
    };
  } finally {
    sizes.end();
    await server.close();
    runner.remove();
  }
}

/** @throws AssertionError that says what didn't hold */
export function assertHarmless({ complaints }: Aftermath): void {
  assert.deepEqual(complaints, []);
}

function statusesIn(path: string): string | null {
  if (!existsSync(path)) return null;
  const counts = Object.entries(readReport(path).counts).filter(([, count]) => count > 0);
  return counts.map(([status, count]) => `${status} ${count}`).join(', ');
}

/** The largest processes that have their temporary files in a folder. Linux alone tells. */
class Sizes {
  #node = 0;
  #browser = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly folder: string) {
    this.#timer = setInterval(() => this.#look(), 500);
  }

  end(): { nodeMiB: number; browserMiB: number } {
    clearInterval(this.#timer);
    return { nodeMiB: Math.round(this.#node), browserMiB: Math.round(this.#browser) };
  }

  #look(): void {
    for (const pid of processIds()) {
      const line = read(pid, 'cmdline');
      if (!`${line}${read(pid, 'environ')}`.includes(this.folder)) continue;
      const size = Number(/^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status'))?.[1] ?? 0) / 1024;
      if (/chrom|headless/i.test(line)) this.#browser = Math.max(this.#browser, size);
      else this.#node = Math.max(this.#node, size);
    }
  }
}

function processIds(): readonly string[] {
  return existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
}

function read(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
