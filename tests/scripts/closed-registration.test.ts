/** `run` where no client can be registered: what may end a grant is judged with the clients of the target file, alone. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isObject } from '../../fixtures/parse-json.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { readReport } from '../../scripts/report/files.js';
import type { Result } from '../../suites/result.js';
import { registerConfiguredClient } from '../fixtures/configured-clients.js';
import { startReverseProxy } from '../fixtures/reverse-proxy.js';
import { CliRunner } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

const TOGETHER = ['token-exchange', 'userinfo-get', 'token-no-store', 'refresh-works'];
const ALONE = [
  'token-code-single-use',
  'revoke-access-token',
  'refresh-client-bound',
  'refresh-reuse-revokes',
];

function withoutRegistration(document: string): string {
  const { registration_endpoint: _none, ...rest } = asObject(JSON.parse(document));
  return JSON.stringify(rest);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(isObject(value));
  return value;
}

describe('run with closed registration', () => {
  it("runs the checks that may end a client's grants last, one at a time", async () => {
    const reverseProxy = await startReverseProxy({ rewrite: withoutRegistration });
    try {
      const clients = {
        first: await registerConfiguredClient(reverseProxy.sandbox),
        second: await registerConfiguredClient(reverseProxy.sandbox),
        public: await registerConfiguredClient(reverseProxy.sandbox, 'none'),
      };
      const absent = { registration: 'clients are made by hand here' };
      const settings = { ...reverseProxy.sandbox.target(), clients, unsupported: absent };
      writeFileSync(join(cli.cwd, 'closed.json'), JSON.stringify(settings));
      // In an order in which those that are to be last would be first.
      const ids = [...ALONE, ...TOGETHER];
      const words = ['run', 'closed.json', ...ids.flatMap((id) => ['--only', id])];
      const { code, stdout, stderr } = await cli.run(...words, '--order', 'another', '--workers', '2');
      assert.equal(code, 0, stdout + stderr);
      const { results } = readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
      assert.deepEqual(
        results.map(({ status }) => status),
        ids.map(() => 'pass'),
      );

      // A code is in the evidence of one check alone, and its exchange is seen by the server in its turn.
      const registered = reverseProxy.sandbox.snapshot().clients.map(({ client_id }) => client_id);
      assert.equal(registered.length, 3, 'nothing was registered');
      const used = (id: string) => clientsIn(results.find((result) => result.id === id));
      assert.ok(used('token-code-single-use').includes(clients.second.client_id));
      assert.ok(used('refresh-client-bound').includes(clients.first.client_id));
      assert.ok(used('refresh-reuse-revokes').includes(clients.public.client_id));

      const order = reverseProxy.sandbox.snapshot().grants.map(({ client_id }) => client_id);
      const firstOfSecond = order.indexOf(clients.second.client_id);
      const revocation = reverseProxy.seen.findIndex(({ line }) => line.endsWith('/revoke'));
      const lastCheck = reverseProxy.seen.findLastIndex(({ line }) => line.includes('/userinfo'));
      assert.ok(firstOfSecond >= TOGETHER.length, 'those that run together were first');
      assert.ok(revocation > 0 && lastCheck > revocation);
    } finally {
      await reverseProxy.close();
    }
  });

  it("doesn't take a public client for another one if the target file has only one", async () => {
    let isClosed = false;
    const refusal = { error: 'access_denied', error_description: 'Only staff registers clients.' };
    const register = () => (isClosed ? Response.json(refusal, { status: 403 }) : null);
    const deviations = [{ how: 'Registration is refused.', intercept: { register } }];
    const sandbox = createSandbox({ deviations });
    const { close } = await sandbox.listen();
    try {
      const clients = {
        first: await registerConfiguredClient(sandbox),
        public: await registerConfiguredClient(sandbox, 'none'),
      };
      isClosed = true;
      const settings = { ...sandbox.target(), profile: 'oidc', clients };
      writeFileSync(join(cli.cwd, 'one-public.json'), JSON.stringify(settings));
      const only = ['revoke-public-other', 'revoke-public-client'].flatMap((id) => ['--only', id]);
      const { code, stdout, stderr } = await cli.run('run', 'one-public.json', ...only, '--allow-incomplete');
      assert.equal(code, 0, stdout + stderr);
      const { results } = readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
      const status = new Map(results.map((result) => [result.id, result]));
      assert.equal(status.get('revoke-public-client')?.status, 'pass');
      assert.equal(status.get('revoke-public-other')?.status, 'not-tested');
      assert.match(
        status.get('revoke-public-other')?.reason ?? '',
        /two public clients|Only staff registers/,
      );
    } finally {
      await close();
    }
  });

  it('says which line to add if no client of the target file fits', async () => {
    const reverseProxy = await startReverseProxy({ rewrite: withoutRegistration });
    try {
      const clients = { first: await registerConfiguredClient(reverseProxy.sandbox) };
      const settings = { ...reverseProxy.sandbox.target(), profile: 'oidc', clients };
      writeFileSync(join(cli.cwd, 'one.json'), JSON.stringify(settings));
      const only = ['token-auth-basic', 'revoke-access-token'].flatMap((id) => ['--only', id]);
      const { code, stderr } = await cli.run('run', 'one.json', ...only, '--allow-incomplete');
      assert.equal(code, 0, stderr);
      const { results } = readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
      const [basic, revoked] = results;
      assert.match(
        basic?.reason ?? '',
        /add clients\.second with token_endpoint_auth_method client_secret_basic/,
      );
      assert.deepEqual([basic?.status, revoked?.status], ['not-tested', 'pass'], revoked?.reason ?? '');
    } finally {
      await reverseProxy.close();
    }
  });
});

/** The clients that sent token requests. */
function clientsIn(result: Result | undefined): readonly string[] {
  return (result?.evidence ?? []).flatMap(
    ({ request }) => new URLSearchParams(request.body).get('client_id') ?? [],
  );
}
