/**
 * How many code flows a server answers for each second of its own processor time: registration apart, an authorization
 * of a signed-in user and the token request, sent by the suite's own client.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { closeBrowser } from '../../../fixtures/browser/browser-process.js';
import { openBrowser } from '../../../fixtures/browser/find-browser.js';
import { createEnvironment, provision } from '../../../fixtures/environment.js';
import { discover } from '../../../fixtures/target/load.js';
import { endWithBench, onSignal } from './children.js';
import { CLI } from './measure.js';

/** The bench closes its browser itself. */
const NO_SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
const FLOWS = 300;
const WARM_UP = 50;
const AT_ONCE = 4;
const TICKS = 100;

interface Server {
  readonly name: string;
  readonly command: readonly string[];
  readonly user: { readonly username: string; readonly password: string };
}

const SERVERS: readonly Server[] = [
  {
    name: 'sandbox',
    command: [CLI, 'sandbox', '--port', '0'],
    user: { username: 'alice@example.com', password: 'alice-in-the-sandbox' },
  },
  {
    name: 'oidc-provider',
    command: [new URL('../../../tests/independent/oidc-provider.js', import.meta.url).pathname],
    user: { username: 'carol', password: 'correct horse carol' },
  },
];

/** @returns flows for each second of processor time, by server */
export async function flowsPerSecond(): Promise<Readonly<Record<string, number>>> {
  const { browser, reason } = await openBrowser(undefined, async (launch) => ({ ...launch, ...NO_SIGNALS }));
  if (browser === null) throw new Error(reason);
  const forget = onSignal(() => closeBrowser(browser));
  const result: Record<string, number> = {};
  try {
    for (const { name, command, user } of SERVERS) {
      const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'ignore'] });
      endWithBench(child);
      try {
        const issuer = await firstUrl(child);
        const settings = { name, issuer, profile: 'oidc', users: { first: user } } as const;
        const target = await discover({ ...settings, registration: { as: 'anonymous' } });
        const provisioned = await provision(target, browser, 1, { users: ['first'] });
        const environment = createEnvironment({
          target,
          browser,
          noBrowserReason: '',
          provisioned,
          schemas: () => () => [],
        });
        const flow = async () => {
          const run = environment.startCheck();
          await run.context.flow.tokens();
          await run.close();
        };
        // The first one asks the user, whose answer all others need.
        await flow();
        await repeat(WARM_UP, flow);
        const before = ticksOf(child.pid ?? 0);
        await repeat(FLOWS, flow);
        result[name] = (FLOWS * TICKS) / Math.max(1, ticksOf(child.pid ?? 0) - before);
        await environment.close();
      } finally {
        child.kill('SIGTERM');
      }
    }
  } finally {
    forget();
    await browser.close();
  }
  return result;
}

async function repeat(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const one = async () => {
    for (; left > 0; ) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Both servers say where they listen in their first line. */
function firstUrl({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (stdout === null) return reject(new Error('the server says nothing'));
    createInterface({ input: stdout }).once('line', (line) => {
      const url = /http:\/\/localhost:\d+/.exec(line)?.[0];
      if (url === undefined) reject(new Error(`the server said ${line}`));
      else resolve(url);
    });
  });
}

function ticksOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
