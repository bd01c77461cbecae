/** oidc-client-ts in a browser against the sandbox: a public client, whose requests need CORS. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { openBrowser } from '../../../fixtures/browser/find-browser.js';
import { provideSandbox, withDefect } from './provider.js';

/** The build for a page without modules; the package exports others alone. */
const SCRIPT = createRequire(import.meta.url)
  .resolve('oidc-client-ts')
  .replace(/(oidc-client-ts\/dist)\/.*$/, '$1/browser/oidc-client-ts.min.js');

describe('oidc-client-ts', () => {
  const provider = provideSandbox({ clients: [] });
  const app = createServer(async ({ url }, response) => {
    if (url === '/oidc.js') return response.end(await readFile(SCRIPT));
    response.setHeader('content-type', 'text/html');
    return response.end('<!doctype html><title>App</title><script src="/oidc.js"></script>');
  });
  let browser: Browser | null = null;
  let origin = '';

  before(async () => {
    await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
    const address = app.address();
    assert.ok(address !== null && typeof address === 'object');
    origin = `http://localhost:${address.port}`;
    await provider.sandbox.addClient({ client_id: 'spa', redirect_uris: [`${origin}/callback`] });
    ({ browser } = await openBrowser(undefined, async (options) => options));
    assert.ok(browser !== null, 'there is no browser');
  });
  after(async () => {
    await browser?.close();
    app.close();
  });

  async function openApp(): Promise<Page> {
    const page = (await browser?.newPage()) ?? assert.fail('no browser');
    await page.goto(origin);
    await page.evaluate(
      `window.manager = new oidc.UserManager(${JSON.stringify({
        authority: provider.issuer,
        client_id: 'spa',
        redirect_uri: `${origin}/callback`,
        scope: 'openid profile email',
        loadUserInfo: true,
        automaticSilentRenew: false,
      })}); window.client = new oidc.OidcClient(manager.settings);`,
    );
    return page;
  }

  async function signIn(page: Page, allow = true): Promise<unknown> {
    const url: unknown = await page.evaluate('client.createSigninRequest({}).then(({ url }) => url)');
    const answer = await provider.sandbox.signIn({ url: String(url), allow });
    return page.evaluate(`client.processSigninResponse(${JSON.stringify(answer)}).then(
      async (response) => {
        const user = new oidc.User(response);
        await manager.storeUser(user);
        return user.profile;
      },
      (error) => ({ error: String(error.error ?? error) }),
    )`);
  }

  it('signs in, reads userinfo and revokes from the page', async () => {
    const page = await openApp();
    const profile = await signIn(page);
    assert.ok(typeof profile === 'object' && profile !== null && 'email' in profile);
    assert.equal(profile.email, 'alice@example.com');
    await page.evaluate('manager.revokeTokens(["access_token", "refresh_token"])');
    const { grants } = provider.sandbox.snapshot();
    assert.equal(grants.at(-1)?.revoked, true);
    await page.close();
  });

  it('reports that the user denied', async () => {
    const page = await openApp();
    assert.deepEqual(await signIn(page, false), { error: 'access_denied' });
    await page.close();
  });

  it('refuses a response with a different state', async () => {
    const page = await openApp();
    const outcome = await withDefect(provider.sandbox, 'authz-error-response', () => signIn(page, false));
    assert.ok(typeof outcome === 'object' && outcome !== null && 'error' in outcome);
    await page.close();
  });
});
