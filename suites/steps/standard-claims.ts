/** The scopes that ask for claims about the user (OpenID Connect Core 1.0 section 5.4), and the claims themselves. */
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';

const PROFILE_CLAIMS =
  'name family_name given_name middle_name nickname preferred_username profile picture website gender birthdate ' +
  'zoneinfo locale updated_at';

/** The claims that each scope asks for (sections 5.1 and 5.4); sub is always there. */
export const CLAIMS_OF_SCOPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['email', ['email', 'email_verified']],
  ['profile', PROFILE_CLAIMS.split(' ')],
  ['address', ['address']],
  ['phone', ['phone_number', 'phone_number_verified']],
]);

/** @returns the claims here that only a scope which wasn't granted asks for */
export function findSurplusClaims(
  claims: Readonly<Record<string, unknown>>,
  granted: ReadonlySet<string>,
): readonly string[] {
  return [...CLAIMS_OF_SCOPES]
    .filter(([scope]) => !granted.has(scope))
    .flatMap(([, names]) => names.filter((name) => claims[name] !== undefined));
}

/** @returns the scopes for claims that client and server have */
export function listClaimScopes(flow: Flow, client: Client): readonly string[] {
  const declared = client.scope.split(' ');
  const listed = flow.supportedValues('scopes_supported');
  return [...CLAIMS_OF_SCOPES.keys()].filter(
    (scope) => declared.includes(scope) && (listed === undefined || listed.includes(scope)),
  );
}

/** @returns openid and every scope for claims that client and server have. NotTested where there is none */
export function claimsScope(flow: Flow, client: Client): string {
  const wanted = listClaimScopes(flow, client);
  if (wanted.length > 0) return [flow.minimalScope, ...wanted].join(' ');
  throw new NotTested('The client and the server have none of the scopes email, profile, address and phone.');
}
