/** Starts the independent server in its own process behind the proxy, and writes the target file for it. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isObject } from '../../fixtures/parse-json.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { USERS } from './interactions.js';

export interface IndependentServer {
  readonly proxy: FaultProxy;
  /** All that the suite is told about the server. */
  readonly targetFile: string;
  readonly folder: string;
  close(): Promise<void>;
}

export async function startIndependentServer(): Promise<IndependentServer> {
  const proxy = await startFaultProxy();
  const program = new URL('./oidc-provider.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, proxy.url], { stdio: ['pipe', 'pipe', 'ignore'] });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the independent server ended with ${code}`)));
  });
  const printed: unknown = JSON.parse(line);
  if (!isObject(printed) || typeof printed.address !== 'string')
    throw new Error('it did not say its address');
  proxy.forwardTo(printed.address);

  const folder = await mkdtemp(join(tmpdir(), 'polar-conformance-test-'));
  const targetFile = join(folder, 'target.json');
  const [first, second] = Object.entries(USERS).map(([username, password]) => ({ username, password }));
  await writeFile(
    targetFile,
    JSON.stringify({
      name: 'oidc-provider',
      issuer: proxy.url,
      profile: 'oidc',
      users: { first, second },
      registration: { as: 'anonymous' },
      lifetimes: { code: 300, accessToken: 3600, refreshToken: 86_400 },
    }),
  );
  return {
    proxy,
    targetFile,
    folder,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
      await proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
