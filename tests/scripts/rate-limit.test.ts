/** `run` against a server that is somebody's: what it would send, how fast it sends, and what it leaves behind. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readReport } from '../../scripts/report/files.js';
import type { DryRunEntry } from '../../scripts/run/dry-run.js';
import { createAuthority } from '../fixtures/certificates.js';
import { registerConfiguredClient } from '../fixtures/configured-clients.js';
import { startConnectProxy } from '../fixtures/connect-proxy.js';
import { startReverseProxy } from '../fixtures/reverse-proxy.js';
import { CliRunner } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

describe('run --dry-run', () => {
  it('lists what would be sent, and sends nothing', async () => {
    const reverseProxy = await startReverseProxy();
    try {
      const { users, issuer } = reverseProxy.sandbox.target();
      const absent = { organization: 'there are none here' };
      writeFileSync(
        join(cli.cwd, 'dry.json'),
        JSON.stringify({ issuer, users, unsupported: absent, profile: 'polar' }),
      );
      const words = ['run', 'dry.json', '--dry-run', '--chapter', 'token', '--chapter', 'org'];
      const { code, stdout, stderr } = await cli.run(...words);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^ {2}GET http:\/\/localhost:\d+\/\.well-known\/openid-configuration$/m);
      assert.match(stdout, /^ {2}Registrations of first, second, public clients/m);
      assert.match(stdout, /^ {2}Sign-ins of the first and the second user/m);
      assert.match(stdout, /^Pace: no limit, 2 checks at a time, up to 16 if the server is slow\.$/m);
      assert.match(
        stdout,
        /^ {2}token-code-concurrent MUST, needs client, user\n {4}Sends eight identical exchanges/m,
      );
      assert.match(stdout, /^ {4}Not judged: Declared unsupported: there are none here$/m);
      assert.match(stdout, /\d+ of \d+ selected requirements would be judged\. Nothing was sent\.\n$/);

      const json = await cli.run(...words, '--json', '--no-browser');
      const recognized: readonly DryRunEntry[] = JSON.parse(json.stdout);
      const concurrent = recognized.find(({ id }) => id === 'token-code-concurrent');
      assert.match(concurrent?.notJudged ?? '', /No browser was to be used/);
      assert.deepEqual(reverseProxy.seen, []);
    } finally {
      await reverseProxy.close();
    }
  });

  it('refuses a rate that is none before anything is sent', async () => {
    const { code, stderr } = await cli.run('run', '--dry-run', '--rate', '0');
    assert.equal(code, 2);
    assert.match(stderr, /--rate must be a number of requests per second/);
  });
});

describe('run against a server elsewhere', () => {
  it('keeps the pace, leaves bursts out, and tells what it could not remove', async () => {
    const host = 'auth.polar.test';
    const authority = await createAuthority();
    writeFileSync(join(cli.cwd, 'ca.pem'), authority.cert);
    const proxy = await startConnectProxy();
    let revocations = 0;
    const reverseProxy = await startReverseProxy({
      certificate: await authority.issue([host]),
      host,
      before: ({ method, url }) => {
        const revokes = method === 'POST' && url.endsWith('/revoke');
        if (revokes) revocations += 1;
        const refused = method === 'DELETE' || (revokes && revocations === 1);
        return refused ? new Response('{}', { status: 403 }) : null;
      },
    });
    try {
      const configured = await registerConfiguredClient(reverseProxy.sandbox);
      const target = {
        ...reverseProxy.sandbox.target(),
        clients: { first: configured },
        tls: { ca: './ca.pem' },
      };
      writeFileSync(join(cli.cwd, 'target.json'), JSON.stringify(target));
      const ids = [
        'client-register',
        'token-exchange',
        'token-scope-accurate',
        'token-code-concurrent',
        'robust-large-body',
      ];
      const words = ['run', 'target.json', '--allow-incomplete', ...ids.flatMap((id) => ['--only', id])];
      const { code, stdout, stderr } = await cli.start(words, { HTTPS_PROXY: proxy.url }).ended;
      assert.equal(code, 0, stdout + stderr);
      const { results } = readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
      assert.deepEqual(
        results.map(({ id, status }) => [id, status]),
        [
          ['client-register', 'pass'],
          ['token-exchange', 'pass'],
          ['token-scope-accurate', 'pass'],
          ['token-code-concurrent', 'not-tested'],
          ['robust-large-body', 'not-tested'],
        ],
      );
      const left = /^Left at the server because it couldn't be removed \((\d+)\): (.*)\.$/m.exec(stderr);
      assert.ok(left !== null, stderr);
      const { clients, grants, refreshTokens } = reverseProxy.sandbox.snapshot();
      const registered = clients.map(({ client_id }) => client_id);
      const remaining = registered.filter((id) => id !== configured.client_id);
      // One grant of the configured client was not revoked, because the server refused that.
      assert.match(left[2] ?? '', new RegExp(`the tokens of one grant of client ${configured.client_id}`));
      // Those of other clients end with the client, which the server would not delete here.
      const ofConfigured = refreshTokens.filter(({ client_id }) => client_id === configured.client_id);
      const given = new Set(ofConfigured.map(({ grantId }) => grantId));
      const alive = grants.filter(({ id, revoked }) => given.has(id) && !revoked);
      assert.deepEqual([revocations, alive.length], [given.size, 1]);
      assert.ok(given.size > 1);
      assert.equal(Number(left[1]), remaining.length + 1);
      for (const id of remaining) assert.ok(left[2]?.includes(id), id);

      // A browser follows redirects by itself, so a little more than five a second may come.
      const times = reverseProxy.seen.map(({ at }) => at);
      const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
      assert.ok(times.length / seconds < 7, `${times.length} requests in ${seconds} s`);
    } finally {
      await reverseProxy.close();
      await proxy.close();
    }
  });
});
