/** The scopes of a grant, as introspection and userinfo show them. */
import { randomBytes } from 'node:crypto';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { useFresh } from './fresh-tokens.js';
import { isNotApplicable, isNotTested, nullOn } from './signals.js';
import { CLAIMS_OF_SCOPES } from './standard-claims.js';

/** @returns the values of a scope parameter (RFC 6749 section 3.3) */
export function parseScopes(scope: string): ReadonlySet<string> {
  return new Set(scope.split(' ').filter((value) => value !== ''));
}

/** @returns a scope besides the least that server and client both have, or null */
export async function furtherScope(flow: Flow, client: Client): Promise<string | null> {
  const wide = await nullOn(isNotTested, () => flow.widerScope(client));
  return [...parseScopes(wide ?? '')].find((scope) => scope !== flow.minimalScope) ?? null;
}

/** @returns a value of the scope syntax that no server has */
export const unknownScope = (): string => `x_${randomBytes(6).toString('hex')}`;

/** @returns the scopes of an active token by introspection (RFC 7662), or null if that says nothing */
export async function introspectedScopes(
  flow: Flow,
  client: Client,
  token: string,
): Promise<ReadonlySet<string> | null> {
  if ((await nullOn(isNotApplicable, () => flow.endpoint('introspection'))) === null) return null;
  const exchange = await useFresh(
    () => flow.introspect(token, { auth: { client }, note: 'what introspection shows' }),
    (answer) => answer.status !== 200 || answer.object().active !== false,
  );
  const { active, scope } = exchange.object();
  return exchange.status === 200 && active === true && typeof scope === 'string' ? parseScopes(scope) : null;
}

/** @returns the claims at userinfo that this scope asks for, or null if userinfo does not answer */
export async function userinfoClaimsForScope(
  flow: Flow,
  scope: string,
  token: string,
): Promise<readonly string[] | null> {
  if ((await nullOn(isNotApplicable, () => flow.endpoint('userinfo'))) === null) return null;
  const exchange = await useFresh(
    () => flow.userinfo(token, `the claims of ${scope} at userinfo`),
    ({ status }) => status !== 401,
  );
  if (exchange.status !== 200) return null;
  const claims = exchange.object();
  return (CLAIMS_OF_SCOPES.get(scope) ?? []).filter(
    (claim) => claims[claim] !== undefined && claims[claim] !== null,
  );
}
