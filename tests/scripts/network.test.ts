/** `run` over the networks that servers live in: a private authority, proxies, IPv6, a base path. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readReport } from '../../scripts/report/files.js';
import { createAuthority } from '../fixtures/certificates.js';
import { startConnectProxy } from '../fixtures/connect-proxy.js';
import { type ReverseProxy, type ReverseProxyOptions, startReverseProxy } from '../fixtures/reverse-proxy.js';
import { CliRunner, type Ended } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());
const authority = await createAuthority();
const local = await authority.issue(['localhost', '127.0.0.1', '::1']);
writeFileSync(join(cli.cwd, 'ca.pem'), authority.cert);

/** By fetch, by a bare socket, by the browser's own requests, and on a page. */
const EVERY_WAY = [
  'discovery-document',
  'robust-header-injection',
  'authz-code-response',
  'consent-application',
];

async function on(
  options: ReverseProxyOptions,
  work: (reverseProxy: ReverseProxy) => Promise<void>,
): Promise<void> {
  const reverseProxy = await startReverseProxy(options);
  try {
    await work(reverseProxy);
  } finally {
    await reverseProxy.close();
  }
}

interface More {
  readonly ca?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly only?: readonly string[];
}

function run({ sandbox }: ReverseProxy, { ca, env = {}, only = EVERY_WAY }: More = {}): Promise<Ended> {
  const target = { ...sandbox.target(), ...(ca === undefined ? {} : { tls: { ca } }) };
  writeFileSync(join(cli.cwd, 'target.json'), JSON.stringify(target));
  return cli.start(['run', 'target.json', ...only.flatMap((id) => ['--only', id])], env).ended;
}

function kept({ code, stdout, stderr }: Ended): void {
  assert.equal(code, 0, stdout + stderr);
  const { counts, run: facts } = readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
  assert.deepEqual([counts.pass, facts.selected], [EVERY_WAY.length, EVERY_WAY.length]);
}

describe('run over a network', () => {
  it('trusts the authority in tls.ca in every way of sending, and never takes a proxy to loopback', async () => {
    const proxy = await startConnectProxy();
    await on({ certificate: local, base: '/auth/v2' }, async (reverseProxy) => {
      const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: '' };
      kept(await run(reverseProxy, { ca: './ca.pem', env }));
      assert.deepEqual(proxy.tunnels, []);
      assert.ok(
        reverseProxy.seen.some(({ line }) => line === 'GET /auth/v2/.well-known/openid-configuration'),
      );
    }).finally(() => proxy.close());
  });

  it('refuses what no authority vouches for, in one sentence that names tls.ca', async () => {
    await on({ certificate: local }, async (reverseProxy) => {
      const { code, stderr } = await run(reverseProxy);
      assert.equal(code, 3, stderr);
      assert.match(
        stderr,
        /^The TLS certificate of localhost:\d+ is not trusted; .* tls\.ca .*"tls": \{"ca": /m,
      );
      assert.equal(stderr.trim().split('\n').length, 1);
      assert.deepEqual(reverseProxy.seen, []);
    });
  });

  it('goes through the proxy in every way of sending', async () => {
    // Nobody but the proxy knows this name.
    const host = 'auth.polar.test';
    const proxy = await startConnectProxy('me:secret');
    try {
      await on({ certificate: await authority.issue([host]), host }, async (reverseProxy) => {
        kept(await run(reverseProxy, { ca: './ca.pem', env: { HTTPS_PROXY: proxy.url } }));
        assert.deepEqual([...new Set(proxy.tunnels)], [`${host}:${reverseProxy.port}`]);
      });
    } finally {
      await proxy.close();
    }
  });

  it('knows IPv6 addresses', async () => {
    await on({ certificate: local, host: '[::1]', address: '::1' }, async (reverseProxy) => {
      kept(await run(reverseProxy, { ca: './ca.pem' }));
    });
  });
});
