/** Servers from npm, each started as its documentation shows it and told by nothing but a target file. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isObject } from '../../fixtures/parse-json.js';

/** The programs are not compiled: they are what an application's author would write. */
const SERVERS = new URL('../../../tests/independent/servers/', import.meta.url);

export type NpmServerName = 'mock-server' | 'node-oauth' | 'jmondi';

const USERS = {
  first: { username: 'carol', password: 'correct horse carol' },
  second: { username: 'dave', password: 'correct horse dave' },
};

const secretClient = (which: 'first' | 'second', ...uris: readonly string[]) => ({
  client_id: which,
  client_secret: `${which}-secret-0123456789`,
  redirect_uri: uris[0],
  ...(uris.length > 1 ? { redirect_uris: uris } : {}),
  scope: 'profile email',
});

const CLIENTS = {
  first: secretClient('first', 'https://app.example.com/callback', 'https://app.example.com/other'),
  second: secretClient('second', 'https://second.example.com/callback'),
  public: {
    client_id: 'public',
    redirect_uri: 'https://public.example.com/callback',
    scope: 'profile email',
  },
};

/** @returns the target file of a server */
function targetOf(name: NpmServerName, address: string): object {
  switch (name) {
    case 'mock-server': {
      const redirect_uri = 'https://app.example.com/callback';
      const client = { client_secret: 'mock-secret-0123456789', redirect_uri, scope: 'openid email' };
      return {
        name,
        issuer: address,
        clients: { first: { client_id: 'first', ...client }, second: { client_id: 'second', ...client } },
        login: { page: false },
      };
    }
    case 'node-oauth':
      return {
        name,
        issuer: address,
        profile: 'oauth',
        metadata: {
          authorization_endpoint: `${address}/authorize`,
          token_endpoint: `${address}/token`,
          grant_types_supported: ['authorization_code', 'refresh_token'],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
        },
        users: USERS,
        clients: CLIENTS,
        apiEndpoints: { user: { path: '/me', scope: 'profile' } },
      };
    case 'jmondi':
      return { name, issuer: address, users: USERS, clients: CLIENTS };
  }
}

export interface NpmServer {
  readonly targetFile: string;
  readonly folder: string;
  close(): Promise<void>;
}

/** Starts the server in a process of its own and writes the target file for it. */
export async function startNpmServer(name: NpmServerName): Promise<NpmServer> {
  const program = new URL(`${name}.mjs`, SERVERS).pathname;
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  const printed: unknown = JSON.parse(line);
  if (!isObject(printed) || typeof printed.address !== 'string')
    throw new Error(`${name} did not say its address`);
  const folder = await mkdtemp(join(tmpdir(), 'polar-conformance-test-'));
  const targetFile = join(folder, 'target.json');
  await writeFile(targetFile, JSON.stringify(targetOf(name, printed.address)));
  return {
    targetFile,
    folder,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
