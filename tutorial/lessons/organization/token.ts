/** Whose token a request carries, as the sandbox remembers it, and the recipes of lesson 10. */
import type { Seen } from '../../watcher/seen.js';
import { accessTokenIn } from '../access-token.js';
import type { Scene } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import { authorize, SIGN_IN } from '../steps.js';

/** @returns whether a request was made with a token of an organization */
export const isByOrganization = (exchange: Seen, scene: Scene): boolean =>
  (accessTokenIn(exchange, scene)?.organizationId ?? null) !== null;

export const authorizeOrganization: Recipe = {
  ...authorize,
  note: 'send the user to consent, for an organization',
  query: { ...authorize.query, scope: 'openid user:read organizations:read', sub_type: 'organization' },
  browser: `${SIGN_IN}, choose Acme, and allow.`,
};

export const listOrganizations: Recipe = {
  note: 'ask which organizations the token reaches',
  method: 'GET',
  url: '{API}/organizations',
  headers: { authorization: 'Bearer {ORGANIZATION_TOKEN}' },
};

export const otherOrganization: Recipe = {
  note: 'ask for the organization that was not chosen',
  method: 'GET',
  url: '{API}/organizations/{OTHER_ORGANIZATION_ID}',
  headers: { authorization: 'Bearer {ORGANIZATION_TOKEN}' },
};

export const userBenefits: Recipe = {
  note: 'call an endpoint for users alone',
  method: 'GET',
  url: '{API}/users/benefit',
  headers: { authorization: 'Bearer {ORGANIZATION_TOKEN}' },
};
