/** The sandbox behind a port, and one sandbox starting where another was. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Agent, fetch as undiciFetch } from 'undici';
import { generateKeys, loadKeys } from '../../fixtures/sandbox/index.js';
import { listenOnLoopback } from '../../fixtures/sandbox/listen.js';
import { createAuthority } from '../fixtures/certificates.js';
import { Browser, ISSUER, issueTokens, locationOf, members, registerClient, sandboxWith } from './browser.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listening(port?: number) {
  const sandbox = sandboxWith();
  const { issuer, close } = await sandbox.listen(port);
  closing.push(close);
  return { sandbox, issuer, port: Number(new URL(issuer).port), close };
}

const document = '/.well-known/openid-configuration';

describe('sandbox behind a port', () => {
  it('is its own issuer at localhost, for fetch and for every address of localhost', async () => {
    const { sandbox, issuer, port } = await listening();
    assert.match(issuer, /^http:\/\/localhost:\d+$/);
    assert.equal((await members(await fetch(`${issuer}${document}`))).issuer, issuer);
    assert.equal(sandbox.target().issuer, issuer);
    assert.equal((await undiciFetch(`${issuer}${document}`)).status, 200);
    assert.equal((await fetch(`http://127.0.0.1:${port}${document}`)).status, 200);
  });

  it('also listens on ::1 where there is one', async (context) => {
    const probe = createServer();
    const hasIpv6 = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(0, '::1', () => resolve(true));
    });
    probe.close();
    if (!hasIpv6) return context.skip('this machine has no ::1');
    const { port } = await listening();
    assert.equal((await fetch(`http://[::1]:${port}${document}`)).status, 200);
  });

  it("can't be reached from outside", async () => {
    const { port } = await listening();
    const { networkInterfaces } = await import('node:os');
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside) {
      const socket = connect(port, address);
      await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' });
    }
  });

  it('stops even though connections stay open for a minute', { timeout: 50_000 }, async () => {
    const sandbox = sandboxWith();
    const { issuer, close } = await sandbox.listen();
    const agent = new Agent({ keepAliveTimeout: 60_000 });
    assert.equal((await undiciFetch(`${issuer}${document}`, { dispatcher: agent })).status, 200);
    await close();
    await assert.rejects(fetch(`${issuer}${document}`));
    await agent.close();
  });

  it('keeps idle connections open for a minute', async () => {
    const sandbox = sandboxWith();
    const { issuer, close } = await sandbox.listen();
    const response = await fetch(`${issuer}${document}`);
    assert.equal(response.headers.get('keep-alive'), 'timeout=60');
    await close();
  });

  it("fails on a port that's already in use", async () => {
    const { port } = await listening();
    await assert.rejects(sandboxWith().listen(port), { code: 'EADDRINUSE' });
  });

  it("fails on a port that's already in use on ::1 alone, where a browser might go", async (context) => {
    const other = createServer();
    other.listen(0, '::1');
    try {
      await once(other, 'listening');
    } catch {
      return context.skip('this machine has no ::1');
    }
    const address = other.address();
    assert.ok(address !== null && typeof address === 'object');
    const attempt = listenOnLoopback(() => new Response(), address.port);
    await assert.rejects(attempt, { code: 'EADDRINUSE' });
    other.close();
  });

  it('shares no session cookie with another sandbox on the same host, since cookies know no port', async () => {
    const names: string[] = [];
    for (const { issuer } of [await listening(), await listening()]) {
      const response = await fetch(`${issuer}/settings`, { redirect: 'manual' });
      const [cookie] = response.headers.getSetCookie();
      assert.ok(cookie !== undefined, String(response.status));
      names.push(cookie.slice(0, cookie.indexOf('=')));
    }
    assert.notEqual(names[0], names[1]);
  });

  it("answers a request line that isn't a URL with a client error", async () => {
    const { port } = await listening();
    const sent = request({
      port,
      host: '127.0.0.1',
      path: '/oauth2/authorize?client_id=%00&scope=%C3%28&state=%',
    });
    sent.end();
    const [response] = await once(sent, 'response');
    response.resume();
    assert.equal(response.statusCode, 400);
  });
});

describe('sandbox keys and certificates', () => {
  it('serves https with a certificate, and marks its cookie Secure', async () => {
    const authority = await createAuthority();
    const tls = await authority.issue(['localhost']);
    const sandbox = sandboxWith();
    const { issuer, close } = await sandbox.listen({ tls });
    closing.push(close);
    assert.match(issuer, /^https:\/\/localhost:\d+$/);
    const dispatcher = new Agent({ connect: { ca: authority.cert } });
    const response = await undiciFetch(`${issuer}/settings`, { dispatcher });
    assert.match(response.headers.get('set-cookie') ?? '', /; Secure$/);
    await dispatcher.close();
  });

  it('keeps its keys in a file, which only its owner can read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-keys-'));
    try {
      const file = join(folder, 'keys.json');
      const [first, second] = [await loadKeys(file), await loadKeys(file)];
      assert.equal(first.published[0]?.kid, second.published[0]?.kid);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      writeFileSync(file, '{"keys": []}');
      await assert.rejects(loadKeys(file), /is not a JWK Set with a private RSA key/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names another key by another kid', async () => {
    const [one, other] = [await generateKeys(), await generateKeys()];
    assert.notEqual(one.published[0]?.kid, other.published[0]?.kid);
  });

  it('keeps its configured issuer while it listens elsewhere', async () => {
    const sandbox = sandboxWith({ issuer: 'http://id.test:4400' });
    const { issuer, close } = await sandbox.listen({ host: '127.0.0.1' });
    closing.push(close);
    assert.equal(issuer, 'http://id.test:4400');
  });
});

describe('sandbox snapshot', () => {
  it('is plain data that another sandbox can start from', async () => {
    const first = sandboxWith();
    const client = await registerClient(first);
    const browser = new Browser(first);
    const code = await browser.code(client);
    const { access_token } = await issueTokens(first, client);
    const data = first.snapshot();
    assert.ok(isDeepStrictEqual(JSON.parse(JSON.stringify(data)), data));

    const second = sandboxWith({ data });
    const same = new Browser(second);
    same.cookie = browser.cookie;
    const answer = locationOf(await same.ask(client, { prompt: 'none' }));
    assert.ok(answer.searchParams.has('code'));
    const headers = { authorization: `Bearer ${String(access_token)}` };
    const described = await second.fetch(new Request(`${ISSUER}/v1/oauth2/userinfo`, { headers }));
    assert.equal(described.status, 200);
    assert.equal(data.codes.filter(({ value }) => value === code).length, 1);
    assert.equal(first.snapshot().codes.length, data.codes.length, 'the two share nothing');
  });

  it('names the users of the data as the users of the target', () => {
    const users = [...sandboxWith().snapshot().users].reverse();
    const data = { ...sandboxWith().snapshot(), users };
    assert.equal(sandboxWith({ data }).target().users.first.username, 'bob@example.com');
  });
});
