/** A sandbox behind a port, with one client, as an application's tests would have it. */
import { createHash, randomBytes } from 'node:crypto';
import { after, before } from 'node:test';
import {
  createSandbox,
  findDefect,
  generateKeys,
  type Sandbox,
  type SandboxOptions,
} from '../../../fixtures/sandbox/index.js';

export const CLIENT = {
  client_id: 'app',
  client_secret: 'the-secret-of-the-app',
  redirect_uris: ['http://localhost:3000/callback'],
};
export const [REDIRECT_URI = ''] = CLIENT.redirect_uris;

const keys = generateKeys();

export interface Provider {
  sandbox: Sandbox;
  issuer: string;
}

/** Starts one for the tests of a suite, and ends it after them. */
export function provideSandbox(options: SandboxOptions = {}): Provider {
  const sandbox = createSandbox({ keys, clients: [CLIENT], ...options });
  const provider: Provider = { sandbox, issuer: '' };
  let close = async () => {};
  before(async () => {
    ({ issuer: provider.issuer, close } = await sandbox.listen());
  });
  after(() => close());
  return provider;
}

/** Breaks one rule while the work is done. */
export async function withDefect<Value>(
  sandbox: Sandbox,
  name: string,
  work: () => Promise<Value>,
): Promise<Value> {
  const defect = findDefect(name);
  if (defect === undefined) throw new Error(`no defect ${name}`);
  sandbox.deviate([defect]);
  try {
    return await work();
  } finally {
    sandbox.deviate([]);
  }
}

export function createProofKey(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
