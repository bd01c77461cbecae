/** What the authorization endpoint accepts, what it refuses, and where its answers go. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  ALICE,
  authorizationRequest,
  BOB,
  CALLBACK,
  exchange,
  type Fields,
  form,
  formOf,
  ISSUER,
  locationOf,
  members,
  proofKey,
  publicClient,
  type Registered,
  registered,
  sandboxWith,
  tokensOf,
  Visitor,
} from './visitor.js';

const sandbox = sandboxWith();
let client: Registered;
before(async () => {
  client = await registered(sandbox);
});

/** A person who has signed in and allowed the client everything. */
async function settled(): Promise<Visitor> {
  const visitor = new Visitor(sandbox);
  await visitor.code(client, { scope: 'openid profile email' });
  return visitor;
}

/** The error that the client is told. */
async function errorOf(response: Response): Promise<string> {
  assert.equal(response.status, 303, await response.clone().text());
  const location = locationOf(response);
  assert.equal(location.origin + location.pathname, CALLBACK);
  assert.equal(location.searchParams.get('code'), null);
  assert.equal(location.searchParams.get('iss'), ISSUER);
  return location.searchParams.get('error') ?? assert.fail(location.search);
}

async function isErrorPage(response: Response): Promise<void> {
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('location'), null);
  assert.match(await response.text(), /<h1>This request cannot be answered<\/h1>/);
}

describe('sandbox authorization: the healthy way', () => {
  it('leads from login over consent to a code, and back to the client with state and iss', async () => {
    const visitor = new Visitor(sandbox);
    const own = await registered(sandbox);
    const login = await visitor.ask(own);
    assert.match(await login.clone().text(), /<h1>Sign in<\/h1>/);
    const consent = await visitor.signIn(login);
    assert.match(await consent.clone().text(), /Example asks for access/);
    const answer = await visitor.submit(consent, { decision: 'allow' });
    assert.equal(answer.status, 303);
    const { origin, pathname, searchParams, hash } = locationOf(answer);
    assert.equal(origin + pathname, CALLBACK);
    assert.deepEqual([...searchParams.keys()], ['code', 'state', 'iss']);
    assert.match(searchParams.get('code') ?? '', /^polar_ac_\w{22,}$/);
    assert.equal(searchParams.get('state'), 'the state');
    assert.equal(searchParams.get('iss'), ISSUER);
    assert.equal(hash, '');
  });

  it('keeps the query of the redirect URI, and any state', async () => {
    const uri = 'https://app.example.com/cb?tenant=7';
    const own = await registered(sandbox, { redirect_uris: [uri] });
    const state = 'a b+c%2F&d=e;"~';
    const answer = await new Visitor(sandbox).answer(own, { redirect_uri: uri, state });
    assert.equal(answer.searchParams.get('tenant'), '7');
    assert.deepEqual(answer.searchParams.getAll('state'), [state]);
  });

  it('remembers consent for the person, the client and all allowed scopes together', async () => {
    const visitor = new Visitor(sandbox);
    const own = await registered(sandbox);
    await visitor.code(own, { scope: 'openid' });
    assert.equal(
      await errorOf(await visitor.ask(own, { prompt: 'none', scope: 'openid email' })),
      'consent_required',
    );
    await visitor.code(own, { scope: 'openid email' });
    for (const scope of ['openid', 'email', 'openid email']) {
      const { searchParams } = locationOf(await visitor.ask(own, { prompt: 'none', scope }));
      assert.ok(searchParams.has('code'), scope);
    }
    const other = await registered(sandbox);
    assert.equal(await errorOf(await visitor.ask(other, { prompt: 'none' })), 'consent_required');
    const bob = new Visitor(sandbox);
    await bob.signIn(await bob.ask(own), BOB);
    assert.equal(await errorOf(await bob.ask(own, { prompt: 'none' })), 'consent_required');
  });

  it('tells of a denial, and does not remember it as consent', async () => {
    const visitor = new Visitor(sandbox);
    const own = await registered(sandbox);
    const answer = await visitor.answer(own, {}, 'deny');
    assert.equal(answer.searchParams.get('error'), 'access_denied');
    assert.equal(answer.searchParams.get('state'), 'the state');
    assert.equal(await errorOf(await visitor.ask(own, { prompt: 'none' })), 'consent_required');
  });

  it('takes the request by POST, as a GET that the cookie comes along with', async () => {
    const visitor = await settled();
    const posted = await visitor.open('/oauth2/authorize', {
      method: 'POST',
      body: authorizationRequest(client),
    });
    assert.equal(posted.status, 303);
    assert.ok(locationOf(await visitor.open(locationOf(posted).href)).searchParams.has('code'));
  });

  it('grants all declared scopes when none is named', async () => {
    const { scope } = await tokensOf(sandbox, client, { scope: null });
    assert.equal(scope, 'openid profile email');
  });
});

describe('sandbox authorization: what is ignored', () => {
  const harmless: readonly Fields[] = [
    { x_unknown: ['1', '2'] },
    { display: 'popup', ui_locales: 'fr de', acr_values: '1 2', login_hint: ALICE.username },
    { state: null },
    { nonce: null },
    { state: '' },
    { prompt: '' },
    { code_challenge: '', code_challenge_method: '' },
    { response_mode: 'query' },
    { max_age: '10000' },
  ];
  for (const parameters of harmless) {
    it(JSON.stringify(parameters), async () => {
      const visitor = await settled();
      const { searchParams } = locationOf(await visitor.ask(client, parameters));
      assert.ok(searchParams.has('code'));
      assert.equal(searchParams.get('state'), parameters.state === undefined ? 'the state' : null);
    });
  }
});

describe('sandbox authorization: errors that are shown, never redirected', () => {
  const shown: readonly Fields[] = [
    { client_id: null },
    { client_id: 'polar_ci_unknown' },
    { client_id: ['a', 'b'] },
    { redirect_uri: null },
    { redirect_uri: '' },
    { redirect_uri: [CALLBACK, 'https://evil.example/cb'] },
    { redirect_uri: 'https://evil.example/cb' },
    { redirect_uri: `${CALLBACK}/` },
    { redirect_uri: `${CALLBACK}?x=1` },
    { redirect_uri: `${CALLBACK}#x` },
    { redirect_uri: CALLBACK.toUpperCase() },
    { redirect_uri: 'https://app.example.com/callback/../evil' },
    { redirect_uri: 'https://app.example.com:443/callback' },
    { redirect_uri: 'http://app.example.com/callback' },
    { redirect_uri: 'https://sub.app.example.com/callback' },
    { redirect_uri: 'https://evil.example/cb', prompt: 'none' },
    { redirect_uri: 'https://evil.example/cb', response_type: 'token' },
    { redirect_uri: 'https://evil.example/cb', scope: 'no.such' },
  ];
  for (const parameters of shown) {
    it(JSON.stringify(parameters), async () => {
      await isErrorPage(await new Visitor(sandbox).ask(client, parameters));
      await isErrorPage(await (await settled()).ask(client, parameters));
    });
  }
});

describe('sandbox authorization: errors that the client is told', () => {
  const told: readonly (readonly [Fields, string])[] = [
    [{ response_type: null }, 'invalid_request'],
    [{ response_type: '' }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ response_type: ['code', 'code'] }, 'invalid_request'],
    [{ response_mode: 'fragment' }, 'invalid_request'],
    [{ scope: 'openid no.such:scope' }, 'invalid_scope'],
    [{ scope: 'openid user:read' }, 'invalid_scope'],
    [{ scope: ['openid', 'email'] }, 'invalid_request'],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ prompt: 'later' }, 'invalid_request'],
    [{ prompt: 'none' }, 'login_required'],
    [{ max_age: 'soon' }, 'invalid_request'],
    [{ request: 'e30.e30.' }, 'request_not_supported'],
    [{ request_uri: 'https://app.example.com/ro' }, 'request_uri_not_supported'],
    [{ code_challenge_method: 'S256' }, 'invalid_request'],
    [{ ...proofKey().challenge, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ ...proofKey().challenge, code_challenge_method: 'S512' }, 'invalid_request'],
    [{ ...proofKey().challenge, code_challenge_method: null }, 'invalid_request'],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
    [{ code_challenge: '*'.repeat(43), code_challenge_method: 'S256' }, 'invalid_request'],
  ];
  for (const [parameters, error] of told) {
    it(`${JSON.stringify(parameters)}: ${error}`, async () => {
      const response = await new Visitor(sandbox).ask(client, parameters);
      assert.equal(await errorOf(response), error);
      assert.equal(locationOf(response).searchParams.get('state'), 'the state');
      assert.match(
        locationOf(response).searchParams.get('error_description') ?? '',
        /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/,
      );
    });
  }

  it('a public client without code_challenge: invalid_request', async () => {
    const spa = await publicClient(sandbox);
    assert.equal(await errorOf(await new Visitor(sandbox).ask(spa)), 'invalid_request');
  });
});

describe('sandbox authorization: signing in again', () => {
  const SECONDS = 1000;

  it('prompt=login asks for credentials and then answers, once', async () => {
    const visitor = await settled();
    const login = await visitor.ask(client, { prompt: 'login' });
    assert.match(await login.clone().text(), /name="password"/);
    const answer = await visitor.signIn(login);
    assert.ok(locationOf(answer).searchParams.has('code'));
    assert.match(await (await visitor.ask(client, { prompt: 'login' })).text(), /name="password"/);
  });

  it('prompt=login asks again after a denial as well', async () => {
    const visitor = await settled();
    const asked = { prompt: 'login consent' };
    const consent = await visitor.signIn(await visitor.ask(client, asked));
    await visitor.submit(consent, { decision: 'deny' });
    assert.match(await (await visitor.ask(client, asked)).text(), /name="password"/);
  });

  it('prompt=consent shows the consent page although consent is remembered', async () => {
    const visitor = await settled();
    const page = await visitor.ask(client, { prompt: 'consent' });
    assert.match(await page.clone().text(), /asks for access/);
    assert.ok(locationOf(await visitor.submit(page, { decision: 'allow' })).searchParams.has('code'));
  });

  it('max_age asks for credentials once the sign-in is older, and moves auth_time', async () => {
    let now = 1_800_000_000_000;
    const timed = sandboxWith({ clock: () => now });
    const own = await registered(timed);
    const visitor = new Visitor(timed);
    const authTime = async (code: string) =>
      claimsOf(await members(await exchange(timed, own, code))).auth_time;
    assert.equal(await authTime(await visitor.code(own)), 1_800_000_000);
    now += 10 * SECONDS;
    assert.equal(await authTime(await visitor.code(own, { max_age: '10' })), 1_800_000_000);
    now += SECONDS;
    const refused = await visitor.ask(own, { max_age: '10', prompt: 'none' });
    assert.equal(locationOf(refused).searchParams.get('error'), 'login_required');
    const answer = await visitor.signIn(await visitor.ask(own, { max_age: '10' }));
    const code = locationOf(answer).searchParams.get('code') ?? '';
    assert.equal(await authTime(code), 1_800_000_011);
    now += SECONDS;
    assert.ok(
      locationOf(await visitor.signIn(await visitor.ask(own, { max_age: '0' }))).searchParams.has('code'),
    );
  });

  it('id_token_hint is answered for the person it names alone, expired or not, and only if we signed it', async () => {
    const own = await registered(sandbox);
    const alice = new Visitor(sandbox);
    const token = String((await members(await exchange(sandbox, own, await alice.code(own)))).id_token);
    const bob = new Visitor(sandbox);
    await bob.submit(await bob.signIn(await bob.ask(own), BOB), { decision: 'allow' });
    const asked = { prompt: 'none', id_token_hint: token };
    assert.ok(locationOf(await alice.ask(own, asked)).searchParams.has('code'));
    assert.equal(await errorOf(await bob.ask(own, asked)), 'login_required');
    const [header, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...decoded(token), name: 'forged' })).toString('base64url');
    const hint = `${header}.${forged}.${signature}`;
    assert.equal(await errorOf(await alice.ask(own, { ...asked, id_token_hint: hint })), 'login_required');
  });
});

describe('sandbox authorization: whose form it is', () => {
  it('a login form without the token of the session signs nobody in', async () => {
    const visitor = new Visitor(sandbox);
    const { action } = formOf(await (await visitor.ask(client)).text());
    for (const form_token of [null, '', 'x'.repeat(43)]) {
      const response = await visitor.open(action, { method: 'POST', body: form({ ...ALICE, form_token }) });
      assert.equal(response.status, 403);
    }
    assert.equal(await errorOf(await visitor.ask(client, { prompt: 'none' })), 'login_required');
  });

  it('a login form of another session signs nobody in', async () => {
    const attacker = new Visitor(sandbox);
    const { action, hidden } = formOf(await (await attacker.ask(client)).text());
    for (const victim of [new Visitor(sandbox), await settled()]) {
      const response = await victim.open(action, { method: 'POST', body: form({ ...hidden, ...BOB }) });
      assert.equal(response.status, 403);
    }
  });

  it('a wrong password signs nobody in, and says so without naming which half is wrong', async () => {
    const visitor = new Visitor(sandbox);
    const said = async (person: typeof ALICE) => {
      const response = await visitor.submit(await visitor.ask(client), person);
      assert.equal(response.status, 403);
      return /role="alert">([^<]*)/.exec(await response.text())?.[1];
    };
    const wrong = await said({ ...ALICE, password: 'wrong' });
    assert.ok(
      wrong !== undefined && wrong === (await said({ username: 'eve@example.com', password: 'wrong' })),
    );
    assert.equal(await errorOf(await visitor.ask(client, { prompt: 'none' })), 'login_required');
  });

  it('a decision without the token of the session decides nothing', async () => {
    const visitor = await settled();
    const own = await registered(sandbox);
    const { action } = formOf(await (await visitor.ask(own)).text());
    for (const fields of [{ decision: 'allow' }, { decision: 'allow', form_token: 'x'.repeat(43) }]) {
      const response = await visitor.open(action, { method: 'POST', body: form(fields) });
      assert.equal(response.status, 400);
      assert.match(await response.text(), /This page has expired/);
    }
    assert.equal(await errorOf(await visitor.ask(own, { prompt: 'none' })), 'consent_required');
  });

  it('a decision for a request that has been changed to another redirect URI is refused', async () => {
    const visitor = await settled();
    const own = await registered(sandbox);
    const { action, hidden } = formOf(await (await visitor.ask(own)).text());
    const changed = action.replace(
      encodeURIComponent(CALLBACK),
      encodeURIComponent('https://evil.example/cb'),
    );
    assert.notEqual(changed, action);
    const body = form({ ...hidden, decision: 'allow' });
    await isErrorPage(await visitor.open(changed, { method: 'POST', body }));
  });

  it('the session has another name after signing in, and the old name is worth nothing', async () => {
    const visitor = new Visitor(sandbox);
    const login = await visitor.ask(client);
    const before = visitor.cookie;
    await visitor.signIn(login);
    assert.notEqual(visitor.cookie, before);
    const thief = new Visitor(sandbox);
    thief.cookie = before;
    assert.equal(await errorOf(await thief.ask(client, { prompt: 'none' })), 'login_required');
  });
});

function decoded(token: string): Readonly<Record<string, unknown>> {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  assert.ok(typeof claims === 'object' && claims !== null);
  return { ...claims };
}

const claimsOf = (tokens: Readonly<Record<string, unknown>>) => decoded(String(tokens.id_token));
