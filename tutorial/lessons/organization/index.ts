/** A token that acts for an organization, not for the user who chose it. */
import { lesson } from '../lesson.js';
import { exchangeCode, seedClient } from '../steps.js';
import { exercises, goals } from './goals.js';
import { mistakes } from './mistakes.js';
import { authorizeOrganization, listOrganizations } from './token.js';

const steps = [authorizeOrganization, exchangeCode, listOrganizations];

export const organization = lesson({
  id: 'organization',
  part: 'D',
  title: 'Act for an organization',
  minutes: 4,
  story: [
    'Until now your tokens acted for a user. Polar’s products, orders and customers belong to organizations, and a user can be a member of several.',
    'Add sub_type=organization to the authorization request. The consent page then asks Alice which of her organizations your client may act for, and your token acts for that one.',
    'Go from the authorization request to the token once more, asking for the scopes openid, user:read and organizations:read. Then ask the API which organizations the token reaches.',
  ],
  words: [
    { word: 'organization', meaning: 'an account that several users share: a company, a project' },
    { word: 'subject', meaning: 'who a token acts for: a user or an organization' },
  ],
  about: ['authorize', 'login', 'decision', 'token', 'organizations', 'userBenefits'],
  goals,
  exercises,
  mistakes,
  hints: [
    'It’s lessons 4 and 5 again, with one more parameter in the authorization request.',
    'sub_type=organization in the query, and organizations:read among the scopes; then GET /v1/organizations with the new token as Bearer.',
  ],
  solution: steps,
  seed: seedClient,
  play: (learner) => learner.sendAll(steps),
  why: [
    'Whoever installs your app for a company may leave it; the token remains the company’s.',
    'The user chooses each time, so no client acts for an organization by mistake.',
    'Prefixes tell tokens apart: polar_at_o_ is an organization’s, polar_at_u_ a user’s.',
  ],
  production:
    'note that Polar’s own server has moved on from the documentation that this sandbox follows: as of August 2026, sub_type=organization gives a user token limited to the chosen organization, and GET /v1/users/benefit is gone.',
});
