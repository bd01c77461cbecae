/** `--explain` over the mistakes of app developers: what was sent, what was expected, the rule, and never a secret. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainExchange, type Sandbox } from '../../fixtures/sandbox/index.js';
import { sandboxWith } from './browser.js';

const ISSUER = 'http://localhost';
const CALLBACK = 'http://localhost:3000/callback';
const SECRET = 's3cret-of-the-app';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

interface Tried {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: string;
  readonly authorization?: string;
}

const authorize = (changed: Readonly<Record<string, string>>, client_id = 'app'): Tried => ({
  path: '/oauth2/authorize',
  query: { response_type: 'code', client_id, redirect_uri: CALLBACK, scope: 'openid', ...changed },
});

const token = (form: Readonly<Record<string, string>>, authorization = basic(`app:${SECRET}`)): Tried => ({
  path: '/v1/oauth2/token',
  form,
  authorization,
});

const exchange = { grant_type: 'authorization_code', code: 'polar_ac_none', redirect_uri: CALLBACK };

/** What was tried, and lines that the explanation has. */
const MISTAKES: readonly (readonly [string, Tried, ...string[]])[] = [
  [
    'another port',
    authorize({ redirect_uri: 'http://localhost:3001/callback' }),
    'differs   port 3001 instead of port 3000',
  ],
  [
    'another host',
    authorize({ redirect_uri: 'http://127.0.0.1:3000/callback' }),
    'differs   the host 127.0.0.1 instead of localhost',
  ],
  [
    'another scheme',
    authorize({ redirect_uri: 'https://localhost:3000/callback' }),
    'differs   https instead of http',
  ],
  [
    'a client without redirect URIs',
    authorize({}, 'api'),
    'expected  nothing: the client has no redirect URI',
  ],
  [
    'the nearest of several',
    authorize({ redirect_uri: `${CALLBACK}/` }, 'two'),
    'differs   extra slash at the end',
  ],
  [
    'a misspelled scope',
    authorize({ scope: 'openid emial' }),
    'expected  some of the 61 scopes that the application has declared, such as email',
  ],
  [
    'scopes with commas',
    authorize({ scope: 'openid,email' }),
    'expected  scopes separated by spaces, not by commas',
  ],
  [
    'no challenge method',
    authorize({ code_challenge: 'x'.repeat(43) }),
    'sent      no code_challenge_method, which means plain',
  ],
  [
    'no client authentication',
    token(exchange, ''),
    'sent      neither an Authorization header nor client_id',
  ],
  [
    'Basic encoded twice',
    token(exchange, basic(Buffer.from(`app:${SECRET}`).toString('base64'))),
    'sent      Authorization: Basic, encoded in base64 twice',
  ],
  [
    'Basic not encoded',
    token(exchange, `Basic app:${SECRET}`),
    'sent      Authorization: Basic, not encoded in base64',
  ],
  [
    'Basic with a bare %',
    token(exchange, basic('app:100%')),
    'sent      Authorization: Basic, with a % that begins no encoded character',
  ],
  ['Bearer at the token endpoint', token(exchange, `Bearer ${SECRET}`), 'sent      Authorization: Bearer …'],
  [
    'two ways at once',
    token({ ...exchange, client_id: 'app', client_secret: SECRET }),
    'expected  one of the two',
  ],
  [
    'no secret',
    token({ ...exchange, client_id: 'app' }, ''),
    'sent      none: client_id without client_secret',
  ],
  [
    'the client of Basic is named',
    token(exchange, basic('app:wrong')),
    '401 POST /v1/oauth2/token grant_type=authorization_code client_id=app',
  ],
  ['an unknown code', token({ ...exchange, code: 'undefined' }), 'sent      the word undefined'],
  [
    'a shell variable',
    token({ ...exchange, code: '$CODE' }),
    "sent      the variable's name $CODE, not its value",
  ],
  [
    'an access token to refresh',
    token({ grant_type: 'refresh_token', refresh_token: `polar_at_u_${SECRET}` }),
    'sent      an access token, 28 characters',
  ],
  [
    'parameters in the query',
    { ...token({}), query: exchange },
    "Parameters in the URL's query are ignored here: grant_type, code, redirect_uri. They belong in the form.",
  ],
  [
    'a token without scheme',
    { path: '/v1/oauth2/userinfo', authorization: `polar_at_u_${SECRET}` },
    'sent      an Authorization header without a scheme',
  ],
  [
    'a token in quotes',
    { path: '/v1/oauth2/userinfo', authorization: `Bearer "${SECRET}"` },
    'sent      Authorization: Bearer, and characters that no token has, such as quotes or spaces',
  ],
  [
    'a token in the query',
    { path: '/v1/oauth2/userinfo', query: { access_token: SECRET } },
    "sent      access_token in the URL's query",
  ],
  [
    'an ID Token',
    { path: '/v1/oauth2/userinfo', authorization: `Bearer eyJ.${SECRET}.x` },
    'sent      a JWT, such as an ID Token, 23 characters',
  ],
  [
    'redirect_uris as a string',
    { path: '/v1/oauth2/register', json: '{"client_name":"x","redirect_uris":"https://a.example"}' },
    'sent      a string',
  ],
  ['broken JSON', { path: '/v1/oauth2/register', json: '{' }, 'sent      a body that is not JSON'],
  [
    'a guessed path',
    { path: '/oauth/token', form: {} },
    'Nothing is served here. The token endpoint is at /v1/oauth2/token.',
  ],
  [
    'an issuer with a slash',
    { path: '//.well-known/openid-configuration' },
    'Two slashes: the issuer has none at its end.',
  ],
  [
    'the document of RFC 8414',
    { path: '/.well-known/oauth-authorization-server' },
    'Nothing is served here. The document of RFC 8414 is off: --authorization-server-metadata turns it on.',
  ],
  ['another method', { path: '/v1/oauth2/revoke' }, 'This endpoint takes POST, not GET.'],
];

function watchedSandbox(): { readonly sandbox: Sandbox; explain(): Promise<readonly string[]> } {
  const explained: Promise<readonly string[]>[] = [];
  const sandbox = sandboxWith({
    clients: [
      { client_id: 'app', client_secret: SECRET, redirect_uris: [CALLBACK] },
      { client_id: 'two', client_secret: SECRET, redirect_uris: ['https://app.example.com/', CALLBACK] },
      { client_id: 'api', client_secret: 'the-secret-of-the-api' },
    ],
    onExchange: (exchange) => explained.push(explainExchange(exchange)),
  });
  return { sandbox, explain: async () => (await Promise.all(explained)).flat().map((line) => line.trim()) };
}

function makeRequest({ path, query = {}, form, json, authorization = '' }: Tried): Request {
  const search = new URLSearchParams(query).toString();
  const headers = new Headers(json === undefined ? {} : { 'content-type': 'application/json' });
  if (authorization !== '') headers.set('authorization', authorization);
  const body = form === undefined ? json : new URLSearchParams(form);
  return new Request(`${ISSUER}${path}${search === '' ? '' : `?${search}`}`, {
    headers,
    ...(body === undefined ? {} : { method: 'POST', body }),
  });
}

describe('--explain', () => {
  for (const [what, tried, ...expected] of MISTAKES) {
    it(`says what is wrong with ${what}`, async () => {
      const { sandbox, explain } = watchedSandbox();
      await sandbox.fetch(makeRequest(tried));
      const lines = await explain();
      for (const line of expected) assert.ok(lines.includes(line), lines.join('\n'));
      assert.ok(!lines.join('\n').includes(SECRET), 'a secret was printed');
    });
  }

  it('names the rule by which a token is shown as inactive', async () => {
    const { sandbox, explain } = watchedSandbox();
    const { access_token } = await sandbox.issueTokens({ client_id: 'app' });
    const form = { token: access_token };
    const authorization = basic('api:the-secret-of-the-api');
    const response = await sandbox.fetch(makeRequest({ path: '/v1/oauth2/introspect', form, authorization }));
    assert.deepEqual(await response.json(), { active: false });
    const lines = await explain();
    assert.deepEqual(lines.slice(-5), [
      '200 POST /v1/oauth2/introspect client_id=api',
      'Shown as inactive: the token was issued to another client.',
      'sent      api',
      'expected  app',
      'rule      introspectionClientMatches, RFC 7662 §2.2, §4',
    ]);
  });

  it('says that cookies are missing when a page is sent back without them', async () => {
    const { sandbox, explain } = watchedSandbox();
    const form = { form_token: 'x', username: 'alice@example.com', password: SECRET };
    await sandbox.fetch(makeRequest({ path: '/oauth2/login', form }));
    assert.ok((await explain()).includes('sent      a form_token, but no session cookie'));
  });
});

describe('wrong use of the control', () => {
  it('is named in one sentence', async () => {
    const { sandbox } = watchedSandbox();
    await assert.rejects(sandbox.signIn({ url: '/oauth2/authorize' }), /needs the whole URL/);
    await assert.rejects(sandbox.signIn({ url: `${ISSUER}/login` }), /not of \/login\.$/);
    await assert.rejects(sandbox.issueTokens({ client_id: 'app', scope: 'openid emial' }), {
      message: 'The client app has no scope emial; expected some of the 61 scopes of app, such as email.',
    });
  });
});
