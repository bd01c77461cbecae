/** The pages as they are sent: protected, escaped, and complete. How a browser shows them, the suite judges. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Browser, type Registered, registerClient, sandboxWith } from './browser.js';

const sandbox = sandboxWith();
let client: Registered;
before(async () => {
  client = await registerClient(sandbox);
});

async function pages(): Promise<ReadonlyMap<string, Response>> {
  const browser = new Browser(sandbox);
  const login = await browser.ask(client);
  return new Map([
    ['login', login.clone()],
    ['wrong password', await browser.submit(login.clone(), { username: 'x', password: 'x' })],
    ['consent', await browser.signIn(login)],
    ['error', await browser.ask(client, { client_id: 'unknown' })],
    ['expired', await browser.open('/oauth2/decision', { method: 'POST', body: new URLSearchParams() })],
    ['home', await browser.open('/')],
  ]);
}

async function consentPage(changes: Readonly<Record<string, unknown>>, scope = 'openid'): Promise<string> {
  const browser = new Browser(sandbox);
  const own = await registerClient(sandbox, changes);
  return (await browser.signIn(await browser.ask(own, { scope }))).text();
}

describe('sandbox pages', () => {
  it('forbid framing, caching, sniffing and referrers, and run no script', async () => {
    for (const [name, { headers }] of await pages()) {
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'/, name);
      assert.match(policy, /frame-ancestors 'none'/, name);
      assert.doesNotMatch(policy, /unsafe|script-src/, name);
      assert.equal(headers.get('x-frame-options'), 'DENY', name);
      assert.equal(headers.get('referrer-policy'), 'no-referrer', name);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', name);
      assert.equal(headers.get('cache-control'), 'no-store', name);
      assert.equal(headers.get('content-type'), 'text/html; charset=utf-8', name);
    }
  });

  it('have a language, a title, one heading, and a style with a fresh nonce', async () => {
    const nonces = new Set<string>();
    for (const [name, response] of await pages()) {
      const html = await response.text();
      assert.match(html, /<html lang="en">/, name);
      assert.match(html, /<title>[^<]+<\/title>/, name);
      assert.equal(html.match(/<h1>/g)?.length, 1, name);
      const nonce = /<style nonce="([^"]+)"/.exec(html)?.[1] ?? '';
      assert.ok(response.headers.get('content-security-policy')?.includes(`'nonce-${nonce}'`), name);
      nonces.add(nonce);
    }
    assert.equal(nonces.size, 6);
  });

  it('label every field and set autocomplete', async () => {
    const html = (await (await pages()).get('login')?.text()) ?? '';
    for (const [id, autocomplete] of [
      ['username', 'username'],
      ['password', 'current-password'],
    ]) {
      assert.match(html, new RegExp(`<label for="${id}">`));
      assert.match(html, new RegExp(`<input id="${id}"[^>]* autocomplete="${autocomplete}"`));
    }
  });

  it("set a cookie that other sites and scripts can't read", async () => {
    const login = (await pages()).get('login');
    assert.match(
      login?.headers.get('set-cookie') ?? '',
      /^polar_session=polar_us_\w+; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('show the application, its links, and the scopes in words', async () => {
    const html = await consentPage(
      {
        client_name: 'Sales & <b>Returns</b>',
        client_uri: 'https://app.example.com/?a=1&b="2"',
        logo_uri: 'https://app.example.com/logo.png',
        tos_uri: 'https://app.example.com/terms',
        policy_uri: 'https://app.example.com/privacy',
      },
      'openid email',
    );
    assert.match(html, /<h1>Sales &amp; &lt;b&gt;Returns&lt;\/b&gt; asks for access/);
    assert.match(html, /href="https:\/\/app\.example\.com\/\?a=1&amp;b=&quot;2&quot;"/);
    assert.match(html, /<img src="https:\/\/app\.example\.com\/logo\.png" alt="">/);
    assert.match(html, /href="https:\/\/app\.example\.com\/terms"/);
    assert.match(html, /href="https:\/\/app\.example\.com\/privacy"/);
    assert.deepEqual(
      [...html.matchAll(/<li>([^<]*)/g)].map(([, line]) => line),
      ['Know who you are', 'Read your email address'],
    );
  });

  it('have no gap where an application has no links', async () => {
    const html = await consentPage({});
    assert.doesNotMatch(html, /<img|<a |href=""|<p><\/p>/);
  });

  it('describe every scope in words', async () => {
    const document = await sandbox.fetch(new Request('http://localhost/.well-known/openid-configuration'));
    const { scopes_supported } = JSON.parse(await document.text());
    const scope = scopes_supported.join(' ');
    const html = await consentPage({ scope }, scope);
    const lines = [...html.matchAll(/<li>([^<]*)/g)].map(([, line]) => line);
    assert.equal(lines.length, scopes_supported.length);
    for (const line of lines) assert.match(line ?? '', /^[A-Z][a-z ]+$/);
  });

  it('reflect nothing as markup', async () => {
    const browser = new Browser(sandbox);
    const probe = '"\'><script>1</script>';
    for (const name of ['state', 'login_hint', 'client_id', 'redirect_uri', 'scope']) {
      const response = await browser.ask(client, { [name]: probe });
      assert.doesNotMatch(await response.text(), /<script/, name);
    }
  });

  it('never show the client secret', async () => {
    for (const [name, response] of await pages()) {
      assert.ok(!(await response.text()).includes(client.client_secret), name);
    }
  });
});
