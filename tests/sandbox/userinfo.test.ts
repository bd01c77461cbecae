/** Userinfo, and the challenges of RFC 6750. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  ISSUER,
  members,
  type Registered,
  registered,
  sandboxWith,
  text,
  tokensOf,
  userinfo,
} from './visitor.js';

const sandbox = sandboxWith();
let client: Registered;
before(async () => {
  client = await registered(sandbox);
});

const send = (headers: HeadersInit, query = '') =>
  sandbox.fetch(new Request(`${ISSUER}/v1/oauth2/userinfo${query}`, { headers }));

describe('sandbox userinfo', () => {
  it('tells by GET and POST what the scopes ask for, and no more', async () => {
    const { access_token } = await tokensOf(sandbox, client, { scope: 'openid profile email' });
    const response = await userinfo(sandbox, access_token);
    const claims = await members(response);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.deepEqual(Object.keys(claims).sort(), ['email', 'email_verified', 'name', 'sub']);
    assert.deepEqual(await members(await userinfo(sandbox, access_token, 'POST')), claims);
    const narrow = await tokensOf(sandbox, client, { scope: 'openid' });
    assert.deepEqual(await members(await userinfo(sandbox, narrow.access_token)), { sub: claims.sub });
  });

  it('knows the scheme in any letter case', async () => {
    const { access_token } = await tokensOf(sandbox, client);
    for (const scheme of ['bearer', 'BEARER']) {
      assert.equal((await send({ authorization: `${scheme} ${text(access_token)}` })).status, 200);
    }
  });

  it('says nothing of an error when no token came', async () => {
    const { access_token } = await tokensOf(sandbox, client);
    const token = text(access_token);
    for (const authorization of ['', 'Bearer', 'Bearer ,', `Basic ${token}`, token, `Bearer ${token} x`]) {
      const response = await send({ authorization });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="polar"');
    }
    assert.equal((await send({}, `?access_token=${token}`)).status, 401);
  });

  it('names an unknown, altered or foreign token invalid_token', async () => {
    const { access_token, refresh_token, id_token } = await tokensOf(sandbox, client);
    const altered = text(access_token).replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    for (const token of ['polar_at_u_unknown', altered, refresh_token, id_token, client.client_secret]) {
      const response = await userinfo(sandbox, token);
      assert.equal(response.status, 401);
      assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/);
      assert.ok(!('sub' in (await members(response))));
    }
  });

  it('wants the scope openid', async () => {
    const { access_token } = await tokensOf(sandbox, client, { scope: 'email' });
    const response = await userinfo(sandbox, access_token);
    assert.equal(response.status, 403);
    assert.match(response.headers.get('www-authenticate') ?? '', /error="insufficient_scope"/);
    assert.ok(!('email' in (await members(response))));
  });
});
