/** The scopes that ask for claims about the user (OpenID Connect Core 1.0 section 5.4), and the claims themselves. */
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';

const CLAIM_SCOPES = ['email', 'profile', 'address', 'phone'] as const;

/** The claims that these scopes ask for (sections 5.1 and 5.4); sub is always there. */
export const CLAIMS_OF_SCOPES: readonly string[] = [
  'name',
  'family_name',
  'given_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'updated_at',
  'email',
  'email_verified',
  'address',
  'phone_number',
  'phone_number_verified',
];

/** @returns openid and every scope for claims that client and server have. NotTested where there is none */
export function claimsScope(flow: Flow, client: Client): string {
  const declared = client.scope.split(' ');
  const listed = flow.supportedValues('scopes_supported');
  const wanted = CLAIM_SCOPES.filter(
    (scope) => declared.includes(scope) && (listed === undefined || listed.includes(scope)),
  );
  if (wanted.length > 0) return [flow.minimalScope, ...wanted].join(' ');
  throw new NotTested('The client and the server have none of the scopes email, profile, address and phone.');
}
