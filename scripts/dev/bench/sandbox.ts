/**
 * `npm run bench:sandbox`: code flows per second with a live session and the CPU time that each one costs the server,
 * beside oidc-provider, and what 20,000 token responses do to the sandbox's speed and memory. Prints figures; asserts nothing.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSandbox } from '../../../fixtures/sandbox/index.js';
import { readOptions } from '../read-options.js';
import { endWithBench } from './children.js';
import { CLIENT, REDIRECT_URI } from './code-flow-server.js';

readOptions({});

const SERVER = fileURLToPath(new URL('code-flow-server.js', import.meta.url));
const WARM_UP = 80;
const FLOWS = 300;
const TOKENS = 20_000;
const PART = 2_000;
const MEGABYTE = 1_000_000;

/** A browser with a cookie jar that knows one host, and an application that exchanges what comes back. */
class Flow {
  readonly #cookies = new Map<string, string>();

  constructor(
    private readonly authorization: string,
    private readonly token: string,
    cookie: string,
  ) {
    this.#store(cookie);
  }

  /** One flow from the authorization request to the tokens. */
  async run(): Promise<void> {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: CLIENT.client_id,
      redirect_uri: REDIRECT_URI,
      scope: 'openid email',
      state: 'the state',
    });
    let address = `${this.authorization}?${query}`;
    while (!address.startsWith(REDIRECT_URI)) address = await this.#follow(address);
    const code = new URL(address).searchParams.get('code') ?? '';
    const response = await fetch(this.token, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${CLIENT.client_id}:${CLIENT.client_secret}`)}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI }),
    });
    if (!response.ok) throw new Error(`no tokens: ${await response.text()}`);
    await response.text();
  }

  async #follow(address: string): Promise<string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) this.#store(set);
    await response.text();
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${address} ended with status ${response.status}`);
    return new URL(location, address).href;
  }

  #store(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (name !== '') this.#cookies.set(name, value);
  }
}

/** @returns the next message of the server, as an object */
async function receive(server: ChildProcess): Promise<object> {
  const [message]: unknown[] = await once(server, 'message');
  if (typeof message !== 'object' || message === null) throw new Error('the server sent no object');
  return message;
}

async function readCpuTime(server: ChildProcess): Promise<number> {
  server.send('cpu');
  const message = await receive(server);
  return 'milliseconds' in message ? Number(message.milliseconds) : 0;
}

async function measure(name: 'sandbox' | 'oidc-provider'): Promise<string> {
  const server = fork(SERVER, [name], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  endWithBench(server);
  try {
    const endpoints = await receive(server);
    const text = (member: string): string => String(new Map(Object.entries(endpoints)).get(member) ?? '');
    const flow = new Flow(text('authorization'), text('token'), text('cookie'));
    for (let count = 0; count < WARM_UP; count += 1) await flow.run();
    const [started, used] = [performance.now(), await readCpuTime(server)];
    for (let count = 0; count < FLOWS; count += 1) await flow.run();
    const perSecond = (FLOWS * 1000) / (performance.now() - started);
    const each = ((await readCpuTime(server)) - used) / FLOWS;
    return `${perSecond.toFixed(0)} code flows per second, ${each.toFixed(2)} ms of CPU each`;
  } finally {
    server.kill();
  }
}

interface Growth {
  /** Token responses per second of processor time, for the first and for the last of them. */
  readonly first: number;
  readonly last: number;
  /** Megabytes of heap that they take. */
  readonly megabytes: number;
}

/** Token responses without an ID Token, whose signature would hide everything else. */
async function measureGrowth(): Promise<Growth> {
  const sandbox = createSandbox({ clients: [CLIENT] });
  const issue = async (count: number) => {
    const before = process.cpuUsage();
    for (let done = 0; done < count; done += 1) await sandbox.issueTokens({ scope: 'email' });
    const { user, system } = process.cpuUsage(before);
    return (count * 1_000_000) / (user + system);
  };
  await issue(PART);
  const before = process.memoryUsage().heapUsed;
  const first = await issue(PART);
  await issue(TOKENS - 2 * PART);
  const last = await issue(PART);
  return { first, last, megabytes: (process.memoryUsage().heapUsed - before) / MEGABYTE };
}

console.log(`sandbox:       ${await measure('sandbox')}`);
console.log(`oidc-provider: ${await measure('oidc-provider')}`);
const { first, last, megabytes } = await measureGrowth();
console.log(
  `sandbox:       ${first.toFixed(0)} token responses per CPU second at first, ${last.toFixed(0)} after ${TOKENS}, ${megabytes.toFixed(0)} MB more`,
);
