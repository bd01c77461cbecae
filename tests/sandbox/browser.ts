/** The sandbox as a function: a client that registers, and a browser with a cookie. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  createSandbox,
  generateKeys,
  type Sandbox,
  type SandboxOptions,
} from '../../fixtures/sandbox/index.js';

export const ISSUER = 'http://localhost';
export const CALLBACK = 'https://app.example.com/callback';
const ALICE = { username: 'alice@example.com', password: 'alice-in-the-sandbox' };

/** Making keys takes a moment, so all tests of a file share them. */
const keys = await generateKeys();

export const sandboxWith = (options: SandboxOptions = {}): Sandbox => createSandbox({ keys, ...options });

export type Fields = Readonly<Record<string, string | null | readonly string[]>>;

/** Form encoding; null leaves a parameter out, a list repeats it. */
function form(fields: Fields): URLSearchParams {
  const sent = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of value === null ? [] : [value].flat()) sent.append(name, one);
  }
  return sent;
}

/** @returns the members of a JSON object; the test fails when the body is not one */
export async function members(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json();
  assert.ok(typeof body === 'object' && body !== null && !Array.isArray(body));
  return { ...body };
}

function text(value: unknown): string {
  assert.equal(typeof value, 'string');
  return String(value);
}

export interface Registered {
  readonly client_id: string;
  readonly client_secret: string;
}

export const BODY = {
  client_name: 'Example',
  redirect_uris: [CALLBACK],
  scope: 'openid profile email',
  token_endpoint_auth_method: 'client_secret_post',
};

export function sendRegistration(
  sandbox: Sandbox,
  body: unknown,
  type = 'application/json',
): Promise<Response> {
  return sandbox.fetch(
    new Request(`${ISSUER}/v1/oauth2/register`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
}

export async function registerClient(
  sandbox: Sandbox,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Registered> {
  const response = await sendRegistration(sandbox, { ...BODY, ...changes });
  assert.equal(response.status, 201, await response.clone().text());
  const { client_id, client_secret } = await members(response);
  return {
    client_id: text(client_id),
    client_secret: client_secret === undefined ? '' : text(client_secret),
  };
}

export const publicClient = (sandbox: Sandbox): Promise<Registered> =>
  registerClient(sandbox, { token_endpoint_auth_method: 'none' });

export function proofKey(verifier = randomBytes(32).toString('base64url')): {
  readonly verifier: string;
  readonly challenge: Fields;
} {
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  return { verifier, challenge: { code_challenge, code_challenge_method: 'S256' } };
}

/** A browser with a cookie jar of one cookie, that follows redirects within the sandbox alone. */
export class Browser {
  cookie: string | null = null;

  constructor(private readonly sandbox: Sandbox) {}

  async open(address: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookie !== null) headers.set('cookie', this.cookie);
    const response = await this.sandbox.fetch(new Request(new URL(address, ISSUER), { ...init, headers }));
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.split(';')[0] ?? null;
    return response;
  }

  /** Sends an authorization request; parameters replace the usual ones. */
  ask(client: Registered, changes: Fields = {}): Promise<Response> {
    return this.open(`/oauth2/authorize?${authorizationRequest(client, changes)}`);
  }

  /** Fills in the form of a page and sends it. */
  async submit(page: Response, fields: Fields): Promise<Response> {
    const { action, hidden } = formOf(await page.text());
    return this.open(action, { method: 'POST', body: form({ ...hidden, ...fields }) });
  }

  async signIn(page: Response, user = ALICE): Promise<Response> {
    const response = await this.submit(page, user);
    assert.equal(response.status, 303);
    return this.open(locationOf(response).href);
  }

  /** Goes through the pages that come, to the answer at the client. */
  async answer(client: Registered, changes: Fields = {}, decision = 'allow'): Promise<URL> {
    let response = await this.ask(client, changes);
    for (let step = 0; step < 3 && response.status === 200; step += 1) {
      const isLogin = (await response.clone().text()).includes('name="password"');
      response = isLogin ? await this.signIn(response) : await this.submit(response, { decision });
    }
    assert.equal(response.status, 303, await response.clone().text());
    return locationOf(response);
  }

  async code(client: Registered, changes: Fields = {}): Promise<string> {
    const answer = await this.answer(client, changes);
    return answer.searchParams.get('code') ?? assert.fail(`no code in ${answer.search}`);
  }
}

const authorizationRequest = ({ client_id }: Registered, changes: Fields = {}): URLSearchParams =>
  form({
    response_type: 'code',
    client_id,
    redirect_uri: CALLBACK,
    scope: 'openid email',
    state: 'the state',
    nonce: 'the-nonce',
    ...changes,
  });

export function locationOf(response: Response): URL {
  return new URL(response.headers.get('location') ?? assert.fail('no Location'), ISSUER);
}

const unescaped = (markup: string): string =>
  markup.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** Where the form of a page is sent, and its hidden fields. */
function formOf(html: string): {
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
} {
  const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1];
  assert.ok(action !== undefined, `no form in ${html}`);
  const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return {
    action: unescaped(action),
    hidden: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, unescaped(value)])),
  };
}

export function sendToken(sandbox: Sandbox, fields: Fields, headers: HeadersInit = {}): Promise<Response> {
  return sandbox.fetch(
    new Request(`${ISSUER}/v1/oauth2/token`, { method: 'POST', headers, body: form(fields) }),
  );
}

export const exchange = (sandbox: Sandbox, client: Registered, code: string, changes: Fields = {}) =>
  sendToken(sandbox, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    client_id: client.client_id,
    client_secret: client.client_secret === '' ? null : client.client_secret,
    ...changes,
  });

export const refresh = (sandbox: Sandbox, client: Registered, refresh_token: unknown, changes: Fields = {}) =>
  sendToken(sandbox, {
    grant_type: 'refresh_token',
    refresh_token: text(refresh_token),
    client_id: client.client_id,
    client_secret: client.client_secret === '' ? null : client.client_secret,
    ...changes,
  });

/** @returns the tokens of a new grant of Alice's */
export async function issueTokens(
  sandbox: Sandbox,
  client: Registered,
  changes: Fields = {},
): Promise<Readonly<Record<string, unknown>>> {
  const response = await exchange(sandbox, client, await new Browser(sandbox).code(client, changes));
  assert.equal(response.status, 200, await response.clone().text());
  return members(response);
}
