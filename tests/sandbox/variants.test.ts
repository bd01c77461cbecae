/** A variant that changes nothing would prove nothing: each must show in a walk through all endpoints. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { isObject } from '../../fixtures/parse-json.js';
import type { Variant } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, generateKeys, type SandboxOptions } from '../../fixtures/sandbox/index.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';

const ISSUER = 'http://localhost:1';
/** The example pair of RFC 7636 appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

describe('variants', () => {
  let keys: NonNullable<SandboxOptions['keys']>;
  /** What the strict sandbox answers, without and with what agents ask for. */
  const strict = new Map<boolean, readonly string[]>();

  before(async () => {
    keys = await generateKeys();
    for (const agents of [false, true]) {
      const answers = await walk([], keys, agents);
      assert.deepEqual(await walk([], keys, agents), answers, 'the walk itself is always the same');
      strict.set(agents, answers);
    }
  });

  it('have names of their own', () => {
    assert.equal(new Set(variants.map(({ id }) => id)).size, variants.length);
  });

  for (const variant of variants) {
    it(`${variant.id} shows in a response`, async () => {
      const agents = variant.agents === true;
      assert.notDeepEqual(await walk([variant], keys, agents), strict.get(agents));
    });
  }
});

/** @returns every answer of a walk in which time and randomness are counted, so that two walks can be compared */
async function walk(
  deviations: readonly Variant[],
  keys: NonNullable<SandboxOptions['keys']>,
  agents: boolean,
): Promise<readonly string[]> {
  let count = 0;
  const sandbox = createSandbox({
    agents,
    deviations,
    keys,
    issuer: ISSUER,
    clock: () => 1_790_000_000_000,
    random: (length) => String(count++).padStart(length, 'x'),
  });
  const answers: string[] = [];
  let cookie = '';
  const send = async (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) => {
    const request = new Request(new URL(path, ISSUER), {
      ...init,
      headers: { cookie, ...headers },
      redirect: 'manual',
    });
    const response = await sandbox.fetch(request);
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    const text = await response.text();
    const location = response.headers.get('location') ?? '';
    answers.push(`${path}\n${response.status}\n${[...response.headers].join('\n')}\n${text}`);
    return { text, location, body: objectOf(text) };
  };
  const post = (path: string, body: Readonly<Record<string, string>>, headers: Record<string, string> = {}) =>
    send(
      path,
      { method: 'POST', body: new URLSearchParams(body).toString() },
      { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    );
  const register = async (metadata: Readonly<Record<string, unknown>>) => {
    const init = { method: 'POST', body: JSON.stringify(metadata) };
    return (await send('/v1/oauth2/register', init, { 'content-type': 'application/json' })).body;
  };

  const discovery = await send('/.well-known/openid-configuration');
  await send('/.well-known/jwks.json');
  await register({});
  await register({ client_name: 'A', redirect_uris: ['https://a.example/'], scope: 'openid unheard-of' });
  await register({ client_name: 'N', redirect_uris: ['http://127.0.0.1/callback'] });
  const client = await register({
    client_name: 'B',
    redirect_uris: ['https://b.example'],
    scope: 'openid email',
    token_endpoint_auth_method: 'client_secret_basic',
    logo_uri: 'https://b.example/logo.svg',
  });
  const redirect_uri = Array.isArray(client.redirect_uris) ? String(client.redirect_uris[0]) : '';
  const client_id = String(client.client_id);
  const query = (more: Readonly<Record<string, string>> = {}) =>
    `?${new URLSearchParams({ response_type: 'code', client_id, redirect_uri, scope: 'openid email', state: 'a b', ...more })}`;
  const challenge = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };

  await send('/oauth2/authorize?client_id=nobody');
  await send(`/oauth2/authorize?client_id=nobody&state=${'x'.repeat(8_000)}`);
  await send(`/oauth2/authorize${query({ ...challenge, prompt: 'none' })}`);
  await send(`/oauth2/authorize${query({ ...challenge, scope: 'openid profile' })}`);
  await send(`/oauth2/authorize${query({ code_challenge: VERIFIER, code_challenge_method: 'plain' })}`);
  await send(`/oauth2/authorize${query()}`);

  const asked = query(challenge);
  const { username, password } = sandbox.target().users.first;
  const form_token = tokenOf((await send(`/oauth2/authorize${asked}`)).text);
  const again = await post(`/oauth2/login${asked}`, { form_token, username, password: 'wrong' });
  await post(`/oauth2/login${asked}`, { form_token: tokenOf(again.text), username, password });
  const getCode = async (): Promise<string> => {
    const page = await send(`/oauth2/authorize${asked}`);
    const decided = await post(`/oauth2/decision${asked}`, {
      form_token: tokenOf(page.text),
      decision: 'allow',
    });
    // The second time the decision may be remembered, so that no page comes.
    return codeOf(page.location) ?? codeOf(decided.location) ?? '';
  };
  const codes = [await getCode(), await getCode()];

  const basic = basicOf(client);
  const exchange = { grant_type: 'authorization_code', redirect_uri };
  await send('/v1/oauth2/token');
  await post('/v1/oauth2/token', { ...exchange, code: codes[0] ?? '' }, basic);
  await post('/v1/oauth2/token', { ...exchange, client_id, client_secret: 'wrong' });
  const valid = { ...exchange, code: codes[1] ?? '', code_verifier: VERIFIER };
  const tokens = (await post('/v1/oauth2/token', valid, basic)).body;
  const refresh_token = String(tokens.refresh_token);
  const refreshed = (await post('/v1/oauth2/token', { grant_type: 'refresh_token', refresh_token }, basic))
    .body;
  const mine = query({ ...challenge, scope: 'openid', sub_type: 'organization' });
  const choice = await send(`/oauth2/authorize${mine}`);
  const [organization] = sandbox.target().users.first.organizations;
  const chosen = await post(`/oauth2/decision${mine}`, {
    form_token: tokenOf(choice.text),
    decision: 'allow',
    organization: organization?.id ?? '',
  });
  const own = { ...exchange, code: codeOf(chosen.location) ?? '', code_verifier: VERIFIER };
  const bearer = `Bearer ${(await post('/v1/oauth2/token', own, basic)).body.access_token}`;
  await send('/v1/users/benefit');
  await send('/v1/users/benefit', {}, { authorization: bearer });
  await send('/v1/oauth2/userinfo', {}, { authorization: bearer });
  const personal = `Bearer ${sandbox.target().personalAccessTokens.limited}`;
  await send('/v1/organizations/unknown', {}, { authorization: personal });
  await send('/v1/personal_access_tokens');

  await send('/v1/oauth2/userinfo');
  await send('/v1/oauth2/userinfo', {}, { authorization: `Bearer ${tokens.access_token}` });

  const stranger = await register({
    client_name: 'C',
    redirect_uris: ['https://c.example'],
    token_endpoint_auth_method: 'client_secret_basic',
  });
  const token = String(refreshed.access_token);
  await post('/v1/oauth2/introspect', { token }, basic);
  await post('/v1/oauth2/revoke', { token }, basicOf(stranger));
  await post('/v1/oauth2/revoke', { token }, basic);
  const last = String(refreshed.refresh_token);
  await post('/v1/oauth2/token', { grant_type: 'refresh_token', refresh_token: last }, basic);

  const open = await register({
    client_name: 'O',
    redirect_uris: ['https://o.example'],
    scope: 'openid',
    token_endpoint_auth_method: 'none',
  });
  const openId = { client_id: String(open.client_id) };
  await send(
    `/oauth2/authorize${query({ ...challenge, ...openId, redirect_uri: 'https://o.example', scope: 'openid' })}`,
  );
  await send(`/oauth2/authorize${query({ ...openId, redirect_uri: 'https://o.example', scope: 'openid' })}`);
  await post('/v1/oauth2/token', { ...exchange, ...openId, code: 'unknown' });
  await post('/v1/oauth2/introspect', { ...openId, token: 'unknown' });
  await walkSecondTries();
  if (agents) await walkResources();

  const path = `/v1/oauth2/register/${client_id}`;
  const opens = { authorization: `Bearer ${client.registration_access_token}` };
  const other = await register({ client_name: 'C', redirect_uris: ['https://c.example'] });
  const manage = (method: string, metadata: Readonly<Record<string, unknown>>) =>
    send(
      path,
      { method, body: JSON.stringify({ client_id, ...metadata }) },
      { 'content-type': 'application/json', ...opens },
    );
  await send(`/v1/oauth2/register/${other.client_id}`, {}, opens);
  await send(path, {}, opens);
  await manage('PUT', { client_name: 'D', redirect_uris: ['https://d.example'], client_secret: 'chosen' });
  await manage('DELETE', {});
  return answers;

  /** A code after a wrong verifier and after a replay, and a refresh token after it was replaced. */
  async function walkSecondTries(): Promise<void> {
    const redeem = async (code: string, code_verifier = VERIFIER) =>
      (await post('/v1/oauth2/token', { ...exchange, code, code_verifier }, basic)).body;
    const failed = await getCode();
    await redeem(failed, CHALLENGE);
    await redeem(failed);
    const replayed = await getCode();
    await redeem(replayed);
    const other = await redeem(await getCode());
    await redeem(replayed);
    await send('/v1/oauth2/userinfo', {}, { authorization: `Bearer ${other.access_token}` });
    const { refresh_token } = await redeem(await getCode());
    const again = { grant_type: 'refresh_token', refresh_token: String(refresh_token) };
    await post('/v1/oauth2/token', again, basic);
    await post('/v1/oauth2/token', again, basic);
  }

  /** The resource that the server lists, tokens for it, and what is no resource of the server. */
  async function walkResources(): Promise<void> {
    const { protected_resources: listed } = discovery.body;
    const resource = Array.isArray(listed) ? String(listed[0]) : `${ISSUER}/v1`;
    await send(`/.well-known/oauth-protected-resource${new URL(resource).pathname}`);
    await send(`/oauth2/authorize${query({ ...challenge, resource: 'https://api.example/' })}`);
    await send(
      `/oauth2/authorize${query({ ...challenge, resource })}&resource=${encodeURIComponent(resource)}`,
    );
    const page = await send(`/oauth2/authorize${query({ ...challenge, resource, prompt: 'consent' })}`);
    const decided = await post(`/oauth2/decision${query({ ...challenge, resource, prompt: 'consent' })}`, {
      form_token: tokenOf(page.text),
      decision: 'allow',
    });
    const code = codeOf(decided.location) ?? '';
    const issued = await post(
      '/v1/oauth2/token',
      { ...exchange, code, code_verifier: VERIFIER, resource },
      basic,
    );
    await post('/v1/oauth2/introspect', { token: String(issued.body.access_token) }, basic);
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function basicOf({ client_id, client_secret }: Readonly<Record<string, unknown>>): {
  readonly authorization: string;
} {
  return { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` };
}

function codeOf(location: string): string | null {
  return URL.canParse(location) ? new URL(location).searchParams.get('code') : null;
}

/** Of a page, also of one that a script builds. */
function tokenOf(html: string): string {
  return /form_token\\?" value=\\?"([^"\\]*)/.exec(html)?.[1] ?? '';
}
