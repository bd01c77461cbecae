/** @auth/core, the engine of Auth.js, against the sandbox. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Auth, type AuthConfig } from '@auth/core';
import { CLIENT, provideSandbox, withDefect } from './provider.js';

const APP = 'http://localhost:3000';

describe('@auth/core', () => {
  const clients = [{ ...CLIENT, redirect_uris: [`${APP}/auth/callback/sandbox`] }];
  const provider = provideSandbox({ clients });

  const config = (): AuthConfig => ({
    secret: 'a secret of the test application',
    trustHost: true,
    basePath: '/auth',
    logger: { error: () => {}, warn: () => {}, debug: () => {} },
    providers: [
      {
        id: 'sandbox',
        name: 'Sandbox',
        type: 'oidc',
        issuer: provider.issuer,
        clientId: CLIENT.client_id,
        clientSecret: CLIENT.client_secret,
        checks: ['pkce', 'state', 'nonce'],
      },
    ],
  });

  /** A browser with a cookie jar, at the application alone. */
  function openBrowser() {
    const jar = new Map<string, string>();
    return async (path: string, init: RequestInit = {}): Promise<Response> => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { ...init.headers, cookie };
      const response = await Auth(new Request(new URL(path, APP), { ...init, headers }), config());
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        jar.set(name, value);
      }
      return response;
    };
  }

  async function signIn(allow = true): Promise<{ readonly landed: string; readonly session: unknown }> {
    const open = openBrowser();
    const { csrfToken } = JSON.parse(await (await open('/auth/csrf')).text());
    const started = await open('/auth/signin/sandbox', {
      method: 'POST',
      body: new URLSearchParams({ csrfToken, callbackUrl: APP }),
    });
    const url = started.headers.get('location') ?? '';
    const answer = await provider.sandbox.signIn({ url, as: 'alice', allow });
    const landed = (await open(answer)).headers.get('location') ?? '';
    const session: unknown = await (await open('/auth/session')).json();
    return { landed, session };
  }

  it('signs in, with name and email', async () => {
    const { session } = await signIn();
    assert.ok(typeof session === 'object' && session !== null && 'user' in session);
    assert.deepEqual(session.user, { name: 'Alice Example', email: 'alice@example.com' });
  });

  it('reports that the user denied', async () => {
    const { landed, session } = await signIn(false);
    assert.match(landed, /error/);
    assert.equal(session, null);
  });

  it('refuses an ID Token of another audience', async () => {
    const { session } = await withDefect(provider.sandbox, 'idtoken-aud', () => signIn());
    assert.equal(session, null);
  });
});
