/** The token endpoint: client authentication, the code, the proof key, and what is issued. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import {
  CALLBACK,
  exchange,
  type Fields,
  ISSUER,
  isRefused,
  members,
  proofKey,
  publicClient,
  type Registered,
  registered,
  sandboxWith,
  sendToken,
  text,
  tokensOf,
  userinfo,
  Visitor,
} from './visitor.js';

const sandbox = sandboxWith();
const person = new Visitor(sandbox);
let client: Registered;
before(async () => {
  client = await registered(sandbox);
});

const basic = ({ client_id, client_secret }: Registered, secret = client_secret): HeadersInit => ({
  authorization: `Basic ${Buffer.from(`${client_id}:${secret}`).toString('base64')}`,
});

describe('sandbox token endpoint: what is issued', () => {
  it('has all members that Polar documents, and is not stored', async () => {
    const response = await exchange(sandbox, client, await person.code(client));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('content-type'), 'application/json');
    const { access_token, refresh_token, id_token, ...rest } = await members(response);
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 864_000, scope: 'openid email' });
    assert.match(text(access_token), /^polar_at_u_\w{22,}$/);
    assert.match(text(refresh_token), /^polar_rt_u_\w{22,}$/);
    assert.equal(text(id_token).split('.').length, 3);
  });

  it('has an ID Token that a client can verify, with every claim that the request asks for', async () => {
    const tokens = await tokensOf(sandbox, client, { nonce: 'a+b=c&d ~' });
    const jwks = await sandbox.fetch(new Request(`${ISSUER}/.well-known/jwks.json`));
    const { keys } = await members(jwks);
    assert.ok(Array.isArray(keys));
    const { payload, protectedHeader } = await jwtVerify(text(tokens.id_token), createLocalJWKSet({ keys }), {
      issuer: ISSUER,
      audience: client.client_id,
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'exp', 'iat', 'auth_time', 'nonce', 'at_hash'],
    });
    assert.deepEqual(protectedHeader, { alg: 'RS256', kid: keys[0].kid });
    assert.equal(payload.nonce, 'a+b=c&d ~');
    const half = createHash('sha256').update(text(tokens.access_token)).digest().subarray(0, 16);
    assert.equal(payload.at_hash, half.toString('base64url'));
    assert.deepEqual([payload.email, payload.email_verified], ['alice@example.com', true]);
    assert.equal((await members(await userinfo(sandbox, tokens.access_token))).sub, payload.sub);
  });

  it('has no nonce and no email that nobody asked for', async () => {
    const { id_token } = await tokensOf(sandbox, client, { nonce: null, scope: 'openid' });
    const claims = JSON.parse(Buffer.from(text(id_token).split('.')[1] ?? '', 'base64url').toString());
    assert.ok(!('nonce' in claims) && !('email' in claims));
  });

  it('has no ID Token without openid, and no refresh token for a client that may not refresh', async () => {
    assert.ok(!('id_token' in (await tokensOf(sandbox, client, { scope: 'email' }))));
    const brief = await registered(sandbox, { grant_types: ['authorization_code'] });
    const tokens = await tokensOf(sandbox, brief);
    assert.ok(!('refresh_token' in tokens));
    const refused = sendToken(sandbox, { grant_type: 'refresh_token', refresh_token: 'x', ...brief });
    await isRefused(await refused, 400, 'unauthorized_client');
  });
});

describe('sandbox token endpoint: the client', () => {
  it('authenticates by the method it has registered, and by no other', async () => {
    const byBasic = await registered(sandbox, { token_endpoint_auth_method: 'client_secret_basic' });
    const form = async (who: Registered): Promise<Fields> => ({
      grant_type: 'authorization_code',
      redirect_uri: CALLBACK,
      code: await person.code(who),
    });
    const inBody = { client_id: byBasic.client_id, client_secret: byBasic.client_secret };
    assert.equal((await sendToken(sandbox, await form(byBasic), basic(byBasic))).status, 200);
    await isRefused(await sendToken(sandbox, { ...(await form(byBasic)), ...inBody }), 401, 'invalid_client');
    await isRefused(await sendToken(sandbox, await form(client), basic(client)), 401, 'invalid_client');
    const wrong = await sendToken(sandbox, await form(byBasic), basic(byBasic, 'wrong'));
    await isRefused(wrong, 401, 'invalid_client');
    const twice = await sendToken(sandbox, { ...(await form(byBasic)), ...inBody }, basic(byBasic));
    await isRefused(twice, 400, 'invalid_request');
  });

  it('reads a Basic header as form-encoded', async () => {
    const byBasic = await registered(sandbox, { token_endpoint_auth_method: 'client_secret_basic' });
    const encoded = (value: string) => value.replaceAll('_', '%5F');
    const headers = {
      authorization: `Basic ${btoa(`${encoded(byBasic.client_id)}:${encoded(byBasic.client_secret)}`)}`,
    };
    const code = await person.code(byBasic);
    const fields = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code };
    assert.equal((await sendToken(sandbox, fields, headers)).status, 200);
  });

  it('is refused with 401 and a challenge when the secret is wrong, missing or another’s', async () => {
    const other = await registered(sandbox);
    const code = await person.code(client);
    const { client_secret } = client;
    for (const secret of [
      null,
      '',
      client_secret.slice(0, -1),
      `${client_secret}x`,
      client_secret.toUpperCase(),
      other.client_secret,
    ]) {
      const response = await exchange(sandbox, client, code, { client_secret: secret });
      assert.match(response.headers.get('www-authenticate') ?? '', /^Basic realm=/);
      await isRefused(response, 401, 'invalid_client');
    }
    assert.equal((await exchange(sandbox, client, code)).status, 200);
  });

  it('is refused when it is unknown, or not named at all', async () => {
    const ghost = { client_id: 'polar_ci_ghost', client_secret: 'polar_cs_ghost' };
    await isRefused(await exchange(sandbox, ghost, 'polar_ac_x'), 401, 'invalid_client');
    await isRefused(await sendToken(sandbox, { grant_type: 'x' }, basic(ghost)), 401, 'invalid_client');
    await isRefused(await sendToken(sandbox, { grant_type: 'authorization_code' }), 401, 'invalid_client');
  });

  it('sends no secret when it is public', async () => {
    const spa = await publicClient(sandbox);
    const { verifier, challenge } = proofKey();
    const code = await person.code(spa, challenge);
    const withSecret = { code_verifier: verifier, client_secret: 'polar_cs_x' };
    await isRefused(await exchange(sandbox, spa, code, withSecret), 401, 'invalid_client');
    assert.equal((await exchange(sandbox, spa, code, { code_verifier: verifier })).status, 200);
  });
});

describe('sandbox token endpoint: the request', () => {
  const wrong: readonly (readonly [Fields, string])[] = [
    [{ grant_type: null }, 'invalid_request'],
    [{ grant_type: '' }, 'invalid_request'],
    [{ grant_type: 'urn:example:none' }, 'unsupported_grant_type'],
    [{ grant_type: 'password', username: 'alice', password: 'x' }, 'unsupported_grant_type'],
    [{ grant_type: ['authorization_code', 'authorization_code'] }, 'invalid_request'],
    [{ code: null }, 'invalid_request'],
    [{ code: '' }, 'invalid_request'],
    [{ code: 'polar_ac_unknown' }, 'invalid_grant'],
    [{ code: '\u0000' }, 'invalid_grant'],
  ];
  for (const [changes, error] of wrong) {
    it(`${JSON.stringify(changes)}: ${error}`, async () => {
      const response = await exchange(sandbox, client, 'polar_ac_unknown', changes);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      await isRefused(response, 400, error);
    });
  }

  it('is a form, whatever the letter case and parameters of the media type', async () => {
    const send = async (type: string) =>
      sandbox.fetch(
        new Request(`${ISSUER}/v1/oauth2/token`, {
          method: 'POST',
          headers: { 'content-type': type },
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            redirect_uri: CALLBACK,
            code: await person.code(client),
            ...client,
          }).toString(),
        }),
      );
    assert.equal((await send('Application/X-WWW-Form-Urlencoded;charset=UTF-8')).status, 200);
    await isRefused(await send('application/json'), 400, 'invalid_request');
    await isRefused(await send('text/plain'), 400, 'invalid_request');
  });

  it('is no GET, and has no credentials in the query', async () => {
    const query = new URLSearchParams({
      grant_type: 'authorization_code',
      redirect_uri: CALLBACK,
      code: await person.code(client),
      ...client,
    });
    const get = await sandbox.fetch(new Request(`${ISSUER}/v1/oauth2/token?${query}`));
    await isRefused(get, 405, 'invalid_request');
    const post = new Request(`${ISSUER}/v1/oauth2/token?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await isRefused(await sandbox.fetch(post), 401, 'invalid_client');
  });
});

describe('sandbox token endpoint: the code', () => {
  it('works once, and its replay takes the tokens with it', async () => {
    const code = await person.code(client);
    const first = await members(await exchange(sandbox, client, code));
    const parallel = await tokensOf(sandbox, client);
    assert.equal((await userinfo(sandbox, first.access_token)).status, 200);
    await isRefused(await exchange(sandbox, client, code), 400, 'invalid_grant');
    assert.equal((await userinfo(sandbox, first.access_token)).status, 401);
    assert.equal((await userinfo(sandbox, parallel.access_token)).status, 200);
    const refreshed = sendToken(sandbox, {
      grant_type: 'refresh_token',
      refresh_token: text(first.refresh_token),
      ...client,
    });
    await isRefused(await refreshed, 400, 'invalid_grant');
  });

  it('gives tokens once, however many ask at the same time', async () => {
    const code = await person.code(client);
    const answers = await Promise.all(Array.from({ length: 8 }, () => exchange(sandbox, client, code)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 400).length, 7);
  });

  it('belongs to one client, and survives the attempt of another', async () => {
    const other = await registered(sandbox);
    const code = await person.code(client);
    await isRefused(await exchange(sandbox, other, code), 400, 'invalid_grant');
    assert.equal((await exchange(sandbox, client, code)).status, 200);
  });

  it('belongs to one public client as well, which nothing but its name tells from another', async () => {
    const [spa, other] = [await publicClient(sandbox), await publicClient(sandbox)];
    const { verifier, challenge } = proofKey();
    const code = await person.code(spa, challenge);
    const proof = { code_verifier: verifier };
    await isRefused(await exchange(sandbox, other, code, proof), 400, 'invalid_grant');
    assert.equal((await exchange(sandbox, spa, code, proof)).status, 200);
  });

  it('belongs to one redirect URI, byte for byte', async () => {
    const second = 'https://app.example.com/second';
    const own = await registered(sandbox, { redirect_uris: [CALLBACK, second] });
    const code = await person.code(own);
    for (const redirect_uri of [null, '', second, `${CALLBACK}/`, 'https://evil.example/cb']) {
      await isRefused(await exchange(sandbox, own, code, { redirect_uri }), 400, 'invalid_grant');
    }
    assert.equal((await exchange(sandbox, own, code)).status, 200);
  });

  it('dies after five minutes', async () => {
    let now = 1_800_000_000_000;
    const timed = sandboxWith({ clock: () => now });
    const own = await registered(timed);
    const visitor = new Visitor(timed);
    const [early, late] = [await visitor.code(own), await visitor.code(own)];
    now += 299_000;
    assert.equal((await exchange(timed, own, early)).status, 200);
    now += 1000;
    await isRefused(await exchange(timed, own, late), 400, 'invalid_grant');
  });
});

describe('sandbox token endpoint: the proof key', () => {
  it('takes every verifier that the syntax allows', async () => {
    const spa = await publicClient(sandbox);
    for (const verifier of [`${'aZ09'.repeat(9)}-._~abc`, '~'.repeat(128)]) {
      const code = await person.code(spa, proofKey(verifier).challenge);
      assert.equal((await exchange(sandbox, spa, code, { code_verifier: verifier })).status, 200);
    }
  });

  for (const kind of ['public', 'confidential']) {
    it(`is demanded and compared for a ${kind} client`, async () => {
      const own = kind === 'public' ? await publicClient(sandbox) : client;
      const { verifier, challenge } = proofKey();
      const code = await person.code(own, challenge);
      const refusals: readonly (readonly [string | null, string])[] = [
        [null, 'invalid_grant'],
        ['', 'invalid_grant'],
        ['short', 'invalid_request'],
        [proofKey().verifier, 'invalid_grant'],
        [`${verifier}x`, 'invalid_grant'],
        [String(challenge.code_challenge), 'invalid_grant'],
      ];
      for (const [code_verifier, error] of refusals) {
        await isRefused(await exchange(sandbox, own, code, { code_verifier }), 400, error);
      }
      assert.equal((await exchange(sandbox, own, code, { code_verifier: verifier })).status, 200);
    });
  }

  it('is refused for a code that was issued without challenge', async () => {
    const code = await person.code(client);
    const { verifier } = proofKey();
    await isRefused(await exchange(sandbox, client, code, { code_verifier: verifier }), 400, 'invalid_grant');
    assert.equal((await exchange(sandbox, client, code)).status, 200);
  });

  it('does not stand in for the secret', async () => {
    const { verifier, challenge } = proofKey();
    const code = await person.code(client, challenge);
    const changes = { code_verifier: verifier, client_secret: null };
    await isRefused(await exchange(sandbox, client, code, changes), 401, 'invalid_client');
  });
});
