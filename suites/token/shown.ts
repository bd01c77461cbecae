/** What a server shows of a grant's scopes, beside what it says of them. */
import type { Client, Flow } from '../../fixtures/flow/types.js';
import { NotApplicable } from '../../fixtures/verdict.js';

/** The claims that a scope asks for at userinfo (OpenID Connect Core 1.0 section 5.4). */
const CLAIMS: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'email_verified'],
  profile: ['name', 'family_name', 'given_name', 'nickname', 'preferred_username', 'picture', 'profile'],
};

/** @returns the values of a scope parameter (RFC 6749 section 3.3) */
export function scopesOf(scope: string): ReadonlySet<string> {
  return new Set(scope.split(' ').filter((value) => value !== ''));
}

/** @returns the scopes of an active token by introspection (RFC 7662), or null where that says nothing */
export async function introspected(
  flow: Flow,
  client: Client,
  token: string,
): Promise<ReadonlySet<string> | null> {
  const url = endpointIfAny(flow, 'introspection');
  if (url === null) return null;
  const form = new URLSearchParams({ token });
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  if (client.token_endpoint_auth_method === 'client_secret_basic') {
    headers.authorization = basicCredentials(client.client_id, client.client_secret ?? '');
  } else {
    form.set('client_id', client.client_id);
    if (client.client_secret !== null) form.set('client_secret', client.client_secret);
  }
  const exchange = await flow.send({
    method: 'POST',
    url,
    headers,
    body: form.toString(),
    note: 'what introspection shows',
  });
  const { active, scope } = exchange.object();
  return exchange.status === 200 && active === true && typeof scope === 'string' ? scopesOf(scope) : null;
}

/** @returns the claims at userinfo that this scope asks for, or null where userinfo does not answer */
export async function claimsOf(flow: Flow, scope: string, token: string): Promise<readonly string[] | null> {
  if (endpointIfAny(flow, 'userinfo') === null) return null;
  const exchange = await flow.userinfo(token, `the claims of ${scope} at userinfo`);
  if (exchange.status !== 200) return null;
  const claims = exchange.object();
  return (CLAIMS[scope] ?? []).filter((claim) => claims[claim] !== undefined && claims[claim] !== null);
}

function endpointIfAny(flow: Flow, name: 'introspection' | 'userinfo'): string | null {
  try {
    return flow.endpoint(name);
  } catch (signal) {
    if (signal instanceof NotApplicable) return null;
    throw signal;
  }
}

/** RFC 6749 section 2.3.1: both halves in the form encoding, then HTTP Basic. */
function basicCredentials(client_id: string, client_secret: string): string {
  const encode = (value: string) => new URLSearchParams({ v: value }).toString().slice(2);
  return `Basic ${Buffer.from(`${encode(client_id)}:${encode(client_secret)}`).toString('base64')}`;
}
