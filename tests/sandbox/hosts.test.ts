/** The sandbox answers at the hosts that it was started for, so that no website can reach it by DNS rebinding. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, describe, it } from 'node:test';
import type { SandboxOptions } from '../../fixtures/sandbox/index.js';
import { sandboxWith } from './browser.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** @returns a function that sends a request with any Host, and gives the status */
async function listening(options: SandboxOptions = {}) {
  const sandbox = sandboxWith({ control: true, ...options });
  const rules: (string | null)[] = [];
  sandbox.watch(({ rule }) => rules.push(rule));
  // An issuer of one's own says nothing about the port.
  const { issuer, close } = await sandbox.listen(0);
  closing.push(close);
  const port = Number(options.issuer === undefined ? new URL(issuer).port : (await portOf(sandbox)).port);
  const status = async (host: string, path: string, body?: string, headers: object = {}) => {
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request({ port, host: '127.0.0.1', path, method, headers: { host, ...headers } });
    sent.end(body);
    const [response]: IncomingMessage[] = await once(sent, 'response');
    response?.resume();
    return response?.statusCode;
  };
  return { status, port, rules };
}

/** A second port of the same sandbox, since the first one isn't known. */
async function portOf(sandbox: ReturnType<typeof sandboxWith>) {
  const { listenOnLoopback } = await import('../../fixtures/sandbox/listen.js');
  const opened = await listenOnLoopback((asked) => sandbox.fetch(asked), 0);
  closing.push(opened.close);
  return opened;
}

const ENDPOINTS = [
  '/.well-known/openid-configuration',
  '/v1/oauth2/userinfo',
  '/oauth2/authorize',
  '/settings',
  '/_sandbox/state',
  '/nowhere',
];

describe('hosts of the sandbox', () => {
  it('refuses every endpoint to a foreign name, and names the rule', async () => {
    const { status, port, rules } = await listening();
    for (const path of ENDPOINTS) assert.equal(await status(`evil.example:${port}`, path), 421, path);
    assert.equal(await status('localhost.evil.example', '/v1/oauth2/token', 'grant_type=x'), 421);
    assert.equal(await status('evil.example', '/_sandbox/age', '{"seconds": 1}'), 421);
    assert.deepEqual([...new Set(rules)], ['hostServed']);
  });

  it('answers at localhost, at names below it, and at addresses', async () => {
    const { status, port } = await listening();
    const hosts = [
      'localhost',
      `LOCALHOST:${port}`,
      `app.localhost:${port}`,
      '127.0.0.1',
      '[::1]:80',
      '10.0.0.7',
    ];
    for (const host of hosts) assert.equal(await status(host, ENDPOINTS[0] ?? ''), 200, host);
  });

  it("answers at the issuer's host, and at those that it was given", async () => {
    const { status } = await listening({ issuer: 'http://id.test:4400', hosts: ['Sandbox.internal'] });
    for (const host of ['id.test:4400', 'id.test', 'sandbox.internal:80', 'localhost']) {
      assert.equal(await status(host, ENDPOINTS[0] ?? ''), 200, host);
    }
    assert.equal(await status('other.test', ENDPOINTS[0] ?? ''), 421);
  });
});

describe('the endpoint that lets time pass', () => {
  const json = { 'content-type': 'application/json' };

  it('takes JSON of its own origin, or of no page, and nothing else', async () => {
    const { status, port } = await listening();
    const age = (headers: object) => status(`localhost:${port}`, '/_sandbox/age', '{"seconds": 1}', headers);
    assert.equal(await age(json), 204);
    assert.equal(await age({ ...json, origin: `http://localhost:${port}` }), 204);
    assert.equal(await age({ ...json, origin: 'https://evil.example' }), 403);
    assert.equal(await age({ ...json, origin: 'null' }), 403);
    assert.equal(await age({ ...json, origin: `http://localhost:${port + 1}` }), 403);
    assert.equal(await age({ 'content-type': 'text/plain' }), 400);
    assert.equal(await age({}), 400);
  });

  it('is as strict when the sandbox is used as a function', async () => {
    const sandbox = sandboxWith({ aging: true });
    const age = (url: string) =>
      sandbox.fetch(
        new Request(`${url}/_sandbox/age`, { method: 'POST', headers: json, body: '{"seconds": 1}' }),
      );
    assert.equal((await age('http://localhost')).status, 204);
    assert.equal((await age('http://evil.example')).status, 403);
  });
});
