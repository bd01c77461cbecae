/** The control of a sandbox over HTTP: for tests in any language, and for no other site. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { members, sandboxWith } from './browser.js';

const REDIRECT_URI = 'http://127.0.0.1:3000/callback';

describe('the control over HTTP', () => {
  const sandbox = sandboxWith({
    control: true,
    clients: [{ client_id: 'app', client_secret: 'secret', redirect_uris: [REDIRECT_URI] }],
  });
  let issuer = '';
  let close = async () => {};
  before(async () => {
    ({ issuer, close } = await sandbox.listen());
  });
  after(() => close());

  const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${issuer}/_sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('signs a user in, and issues tokens', async () => {
    const url = `${issuer}/oauth2/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
    })}`;
    const { location } = await members(await send('POST', 'sign-in', { url, as: 'bob' }));
    assert.match(String(location), /^http:\/\/127\.0\.0\.1:3000\/callback\?code=/);
    const tokens = await members(await send('POST', 'tokens', { client_id: 'app', scope: 'openid' }));
    assert.equal(tokens.scope, 'openid');
  });

  it('adds clients and users, ages, breaks rules, and resets', async () => {
    assert.equal(
      (await send('POST', 'clients', { client_id: 'new', redirect_uris: [REDIRECT_URI] })).status,
      201,
    );
    assert.equal((await send('POST', 'users', { username: 'carol', claims: { groups: ['a'] } })).status, 201);
    assert.equal((await send('POST', 'age', { seconds: 60 })).status, 204);
    assert.equal((await send('PUT', 'deviations', ['idtoken-exp'])).status, 200);
    const state = async () => members(await fetch(`${issuer}/_sandbox/state`));
    const { clients, users, inForce } = await state();
    assert.ok(Array.isArray(clients) && Array.isArray(users));
    assert.deepEqual([clients.length, users.length, inForce], [2, 3, ['idtoken-exp']]);
    assert.equal((await send('POST', 'reset', {})).status, 200);
    assert.deepEqual((await state()).inForce, []);
  });

  it("explains what's wrong with a request", async () => {
    const wrong: readonly (readonly [string, string, unknown, RegExp])[] = [
      ['POST', 'sign-in', {}, /needs the member url/],
      ['POST', 'clients', { client_id: 'x', secret: 'y' }, /no member secret/],
      ['PUT', 'deviations', ['idtoken-ex'], /no defect or variant idtoken-ex/],
      ['POST', 'tokens', { client_id: 'unknown' }, /no client unknown/],
    ];
    for (const [method, path, body, expected] of wrong) {
      const response = await send(method, path, body);
      assert.ok(response.status === 400 || response.status === 422, path);
      assert.match(String((await members(response)).error_description), expected);
    }
  });

  it('rejects requests from other sites', async () => {
    const form = await fetch(`${issuer}/_sandbox/reset`, { method: 'POST', body: new URLSearchParams() });
    assert.equal(form.status, 400);
    const foreign = await send('POST', 'reset', {}, { origin: 'https://evil.example' });
    assert.equal(foreign.status, 403);
    const rebound = new Request('http://evil.example/_sandbox/state');
    assert.equal((await sandbox.fetch(rebound)).status, 421);
  });

  it("has a page that other sites can't frame", async () => {
    const page = await fetch(`${issuer}/_sandbox/`);
    assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    assert.match(await page.text(), /<h1>Sandbox<\/h1>/);
  });

  it('shows each request live, with the rule that refused it, and no secret', async () => {
    const form = { grant_type: 'authorization_code', client_id: 'app', client_secret: 'not-it', code: 'x' };
    await fetch(`${issuer}/v1/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { signal, abort } = createAbort();
    const stream = await fetch(`${issuer}/_sandbox/exchanges`, { signal });
    let text = '';
    for await (const part of stream.body ?? []) {
      text += new TextDecoder().decode(part);
      if (text.includes('secretMatches')) break;
    }
    abort();
    assert.match(text, /RFC 6749 §2\.3\.1/);
    assert.doesNotMatch(text, /not-it/);
  });

  it('is off unless asked for', async () => {
    const plain = await sandboxWith().fetch(new Request('http://localhost/_sandbox/state'));
    assert.equal(plain.status, 404);
  });
});

function createAbort(): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
