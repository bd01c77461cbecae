/** Polar's own client library against the sandbox. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPolar } from '@polar-sh/sdk/2026-10';
import { provideSandbox } from './provider.js';

describe('@polar-sh/sdk', () => {
  const provider = provideSandbox();
  const connect = (accessToken: string) => createPolar({ accessToken, baseUrl: provider.issuer });

  it('reads the user and the organizations of a token', async () => {
    const { access_token } = await provider.sandbox.issueTokens({ scope: 'openid email organizations:read' });
    const polar = connect(access_token);
    const user = await polar.oauth2.userinfo();
    assert.ok('email' in user && user.email === 'alice@example.com');
    const { items, pagination } = await polar.organizations.list();
    assert.deepEqual(
      items.map(({ slug }) => slug),
      ['acme', 'globex'],
    );
    assert.equal(pagination.total_count, 2);
    const [first] = items;
    assert.equal((await polar.organizations.get(first?.id ?? '')).status, 'active');
  });

  it('rejects an expired token', async () => {
    const { access_token } = await provider.sandbox.issueTokens();
    await provider.sandbox.age(864_001, access_token);
    await assert.rejects(connect(access_token).organizations.list());
  });
});
