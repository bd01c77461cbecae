/** The sandbox as the identity provider of somebody's tests: configured, controlled, and looser only where asked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { ConfigurationError, findDefect, type SandboxOptions } from '../../fixtures/sandbox/index.js';
import { ISSUER, members, sandboxWith } from './browser.js';

const CALLBACK = 'http://127.0.0.1:3000/callback';
const CLIENT = { client_id: 'app', client_secret: 'secret', redirect_uris: [CALLBACK] };

const sandboxFor = (options: SandboxOptions = {}) => sandboxWith({ clients: [CLIENT], ...options });

const request = (more: Readonly<Record<string, string>> = {}): string =>
  `${ISSUER}/oauth2/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: CALLBACK,
    scope: 'openid profile email',
    state: 'the state',
    ...more,
  })}`;

const post = (
  sandbox: ReturnType<typeof sandboxFor>,
  path: string,
  form: Record<string, string>,
  headers = {},
) =>
  sandbox.fetch(
    new Request(`${ISSUER}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) }),
  );

const basic = { authorization: `Basic ${Buffer.from('app:secret').toString('base64')}` };

describe('a configured sandbox', () => {
  it('knows its clients, with either authentication method, and its users with their claims', async () => {
    const users = [{ username: 'carol', name: 'Carol', claims: { groups: ['admin'], locale: 'de' } }];
    const sandbox = sandboxFor({ users });
    const answer = new URL(await sandbox.signIn({ url: request(), as: 'carol' }));
    assert.equal(answer.searchParams.get('state'), 'the state');
    const code = answer.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    const body = await members(await post(sandbox, '/v1/oauth2/token', form, basic));
    const claims = decodeJwt(String(body.id_token));
    assert.deepEqual([claims.name, claims.email, claims.groups], ['Carol', 'carol@example.com', ['admin']]);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) };
    const credentials = { client_id: 'app', client_secret: 'secret' };
    assert.equal((await post(sandbox, '/v1/oauth2/token', { ...refresh, ...credentials })).status, 200);
  });

  it('returns claims for the scopes that ask for them', async () => {
    const users = [{ username: 'carol', claims: { locale: 'de', phone_number: '+1', tier: 'gold' } }];
    const sandbox = sandboxFor({ users });
    const claimsFor = async (scope: string) => {
      const { access_token } = await sandbox.issueTokens({ scope });
      const headers = { authorization: `Bearer ${access_token}` };
      return members(await sandbox.fetch(new Request(`${ISSUER}/v1/oauth2/userinfo`, { headers })));
    };
    const lean = await claimsFor('openid');
    assert.deepEqual(Object.keys(lean).sort(), ['sub', 'tier']);
    assert.deepEqual((await claimsFor('openid profile')).locale, 'de');
  });

  it("has all of Polar's scopes and its own", async () => {
    const sandbox = sandboxFor({ scopes: ['api:read'] });
    const document = await members(
      await sandbox.fetch(new Request(`${ISSUER}/.well-known/openid-configuration`)),
    );
    assert.ok(Array.isArray(document.scopes_supported));
    assert.equal(document.scopes_supported.length, 62);
    assert.equal((await sandbox.issueTokens({ scope: 'openid api:read' })).scope, 'openid api:read');
  });

  it('says where it is less strict than Polar, and is strict everywhere else', async () => {
    assert.deepEqual(sandboxWith().loosened, []);
    const sandbox = sandboxFor({ consent: 'never', clientAuthentication: 'any', introspection: 'any' });
    assert.equal(sandbox.loosened.length, 3);
    const wrong = await sandbox.signIn({ url: request({ redirect_uri: `${CALLBACK}/` }) }).catch(String);
    assert.match(wrong, /redirectUriMatches, RFC 9700 §2\.1/);
  });

  it("lets a resource server introspect others' tokens if configured to", async () => {
    const api = { client_id: 'api', client_secret: 'api-secret' };
    for (const introspection of ['own', 'any'] as const) {
      const sandbox = sandboxWith({ clients: [CLIENT, api], introspection });
      const { access_token: token } = await sandbox.issueTokens({ client_id: 'app' });
      const body = await members(await post(sandbox, '/v1/oauth2/introspect', { token, ...api }));
      assert.equal(body.active, introspection === 'any');
    }
  });

  it('accepts loopback redirect URIs at any port if configured to', async () => {
    const url = request({ redirect_uri: 'http://127.0.0.1:4444/callback' });
    await assert.rejects(sandboxFor().signIn({ url }), /redirectUriMatches/);
    const answer = await sandboxFor({ redirectUris: 'loopback' }).signIn({ url });
    assert.match(answer, /^http:\/\/127\.0\.0\.1:4444\/callback\?code=/);
  });

  it('signs users out, and redirects to registered addresses only', async () => {
    const clients = [{ ...CLIENT, post_logout_redirect_uris: ['http://127.0.0.1:3000/'] }];
    const sandbox = sandboxWith({ clients, endSession: true });
    const document = await sandbox.fetch(new Request(`${ISSUER}/.well-known/openid-configuration`));
    const endpoint = String((await members(document)).end_session_endpoint);
    const logOut = (target: string) =>
      sandbox.fetch(
        new Request(
          `${endpoint}?${new URLSearchParams({ client_id: 'app', post_logout_redirect_uri: target, state: 'x' })}`,
        ),
      );
    assert.equal(
      (await logOut('http://127.0.0.1:3000/')).headers.get('location'),
      'http://127.0.0.1:3000/?state=x',
    );
    assert.equal((await logOut('https://evil.example/')).status, 400);
    // Some libraries send it empty, which counts as omitted.
    assert.equal((await logOut('')).status, 200);
  });

  it('serves the RFC 8414 document if configured to', async () => {
    const path = `${ISSUER}/.well-known/oauth-authorization-server`;
    assert.equal((await sandboxFor().fetch(new Request(path))).status, 404);
    const response = await sandboxFor({ authorizationServerMetadata: true }).fetch(new Request(path));
    assert.equal((await members(response)).issuer, ISSUER);
  });

  it('refuses a configuration that contradicts itself', () => {
    const twice = () => sandboxWith({ clients: [CLIENT, CLIENT] });
    assert.throws(
      twice,
      (error: unknown) => error instanceof ConfigurationError && /app/.test(error.message),
    );
    const secretless = { client_id: 'x', token_endpoint_auth_method: 'client_secret_basic' as const };
    assert.throws(() => sandboxWith({ clients: [secretless] }), /needs a client_secret/);
  });
});

describe('a controlled sandbox', () => {
  it('returns the denial of a user, and chooses an organization', async () => {
    const sandbox = sandboxFor();
    const denied = new URL(await sandbox.signIn({ url: request(), allow: false }));
    assert.equal(denied.searchParams.get('error'), 'access_denied');
    const url = request({ sub_type: 'organization' });
    assert.match(await sandbox.signIn({ url, organization: 'globex' }), /\?code=/);
    const { access_token } = await sandbox.issueTokens({
      organization: 'globex',
      scope: 'organizations:read',
    });
    assert.match(access_token, /^polar_at_o_/);
    await assert.rejects(sandbox.issueTokens({ organization: 'initech' }), /there is: acme, globex/);
  });

  it('expires tokens without waiting, and resets', async () => {
    const sandbox = sandboxFor();
    const { access_token } = await sandbox.issueTokens();
    const call = async () => {
      const headers = { authorization: `Bearer ${access_token}` };
      return (await sandbox.fetch(new Request(`${ISSUER}/v1/oauth2/userinfo`, { headers }))).status;
    };
    assert.equal(await call(), 200);
    assert.equal(await sandbox.age(864_000), true);
    assert.equal(await call(), 401);
    assert.equal(await sandbox.age(1, 'unknown'), false);
    sandbox.reset();
    assert.deepEqual(sandbox.snapshot().accessTokens, []);
  });

  it('breaks a rule while it runs, and fixes it again', async () => {
    const sandbox = sandboxFor();
    const expiry = async () => decodeJwt((await sandbox.issueTokens()).id_token ?? '').exp ?? 0;
    const now = Date.now() / 1000;
    const defect = findDefect('idtoken-exp') ?? assert.fail('no such defect');
    sandbox.deviate([defect]);
    assert.ok((await expiry()) < now);
    sandbox.deviate([]);
    assert.ok((await expiry()) > now);
  });

  it('lists its users and clients when asked for an unknown one', async () => {
    const sandbox = sandboxFor();
    await assert.rejects(
      sandbox.signIn({ url: request(), as: 'dave' }),
      /it has: alice@example\.com, bob@example\.com/,
    );
    await assert.rejects(sandbox.issueTokens({ client_id: 'nobody' }), /no client nobody/);
    await sandbox.addUser({ username: 'dave' });
    await sandbox.addClient({ client_id: 'nobody', redirect_uris: [CALLBACK] });
    assert.match(await sandbox.signIn({ url: request(), as: 'dave' }), /\?code=/);
    assert.ok((await sandbox.issueTokens({ client_id: 'nobody', as: 'dave' })).access_token);
  });

  it('lets a client that is added without a method use Basic and post, and one with a method only that', async () => {
    const sandbox = sandboxFor();
    const { issuer } = sandbox.target();
    const client = { client_id: 'late', client_secret: 'late-secret', redirect_uris: [CALLBACK] };
    const exchange = async (authorization: string | null) => {
      const fields = { grant_type: 'authorization_code', code: 'made-up', redirect_uri: CALLBACK };
      const { client_id, client_secret } = client;
      const body = new URLSearchParams(
        authorization === null ? { ...fields, client_id, client_secret } : fields,
      );
      const headers = authorization === null ? {} : { authorization };
      const sent = new Request(`${issuer}/v1/oauth2/token`, { method: 'POST', headers, body });
      return (await sandbox.fetch(sent)).status;
    };
    const basic = `Basic ${btoa('late:late-secret')}`;
    await sandbox.addClient(client);
    assert.deepEqual([await exchange(basic), await exchange(null)], [400, 400]);
    await sandbox.addClient({ ...client, token_endpoint_auth_method: 'client_secret_basic' });
    assert.deepEqual([await exchange(basic), await exchange(null)], [400, 401]);
  });

  it('keeps its sessions separate from those of a sandbox on another port', async () => {
    const [one, other] = [sandboxFor(), sandboxFor()];
    const [first, second] = [await one.listen(), await other.listen()];
    try {
      const cookies = await Promise.all(
        [first, second].map(async ({ issuer }) =>
          (await fetch(`${issuer}/settings`)).headers.get('set-cookie'),
        ),
      );
      const names = cookies.map((cookie) => cookie?.split('=')[0]);
      assert.notEqual(names[0], names[1]);
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });

  it('forgets what has expired, however many tokens it issues', async () => {
    let now = Date.now();
    const sandbox = sandboxFor({ clock: () => now, lifetimes: { accessToken: 60, refreshToken: 60 } });
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 1000; count += 1) await sandbox.issueTokens({ scope: 'email' });
      now += 2 * 3_600_000;
    }
    const { grants, codes, accessTokens, refreshTokens } = sandbox.snapshot();
    for (const records of [grants, codes, accessTokens, refreshTokens]) assert.ok(records.length <= 1000);
  });
});
