/** What the sandbox does before and after every endpoint: limits on bodies, and CORS where scripts call. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ISSUER, members, sandboxWith } from './browser.js';

const TOKEN = `${ISSUER}/v1/oauth2/token`;
const ORIGIN = 'https://app.example.com';

const form = (body: BodyInit, url = TOKEN) =>
  new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });

describe('sandbox limits', () => {
  it('refuse a large body with 413, and answer the next request', async () => {
    const sandbox = sandboxWith();
    const large = await sandbox.fetch(form(`filler=${'x'.repeat(70_000)}`));
    assert.equal(large.status, 413);
    assert.equal((await members(large)).error, 'invalid_request');
    assert.equal((await sandbox.fetch(form('grant_type=none'))).status, 401);
  });

  it('apply when no Content-Length is sent', async () => {
    const parts = Array.from({ length: 80 }, () => new TextEncoder().encode('x'.repeat(1_000)));
    const stream = new ReadableStream({
      pull: (controller) => {
        const part = parts.pop();
        if (part === undefined) controller.close();
        else controller.enqueue(part);
      },
    });
    // Node asks for this member of the Fetch standard, which its types do not know.
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: stream,
      duplex: 'half',
    };
    const request = new Request(TOKEN, init);
    assert.equal((await sandboxWith().fetch(request)).status, 413);
  });
});

describe('sandbox CORS', () => {
  const asked = (path: string, method = 'GET') =>
    sandboxWith().fetch(new Request(`${ISSUER}${path}`, { method, headers: { origin: ORIGIN } }));

  for (const path of [
    '/.well-known/openid-configuration',
    '/.well-known/jwks.json',
    '/v1/oauth2/token',
    '/v1/oauth2/userinfo',
  ]) {
    it(`lets scripts read ${path}, errors included, without cookies`, async () => {
      const response = await asked(path);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.equal(response.headers.get('access-control-allow-credentials'), null);
      const preflight = await asked(path, 'OPTIONS');
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
      assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /authorization/);
    });
  }

  for (const path of ['/oauth2/authorize', '/oauth2/login', '/oauth2/decision', '/v1/oauth2/register']) {
    it(`isn't enabled at ${path}`, async () => {
      for (const method of ['OPTIONS', path === '/oauth2/authorize' ? 'GET' : 'POST']) {
        const response = await asked(path, method);
        assert.equal(response.headers.get('access-control-allow-origin'), null, method);
      }
      assert.equal((await asked(path, 'OPTIONS')).status, 405);
    });
  }
});
