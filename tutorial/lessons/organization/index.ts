/** Lesson 10: a token that speaks for an organization, and not for the user who chose it. */
import { lesson } from '../lesson.js';
import { exchangeCode, seedClient } from '../steps.js';
import { breaks, goals } from './goals.js';
import { mistakes } from './mistakes.js';
import { authorizeOrganization, listOrganizations } from './token.js';

const steps = [authorizeOrganization, exchangeCode, listOrganizations];

export const organization = lesson({
  id: 'organization',
  part: 'D',
  title: 'Act for an organization',
  minutes: 4,
  story: [
    'Until now your tokens spoke for a user. Polar’s products, orders and customers belong to organizations, and a user can be a member of several.',
    'Add sub_type=organization to the authorization request. The consent page then asks alice for which of her organizations your client may act, and the token that you get speaks for that one.',
    'Go the way from the authorization request to the token once more, and ask for the scopes openid, user:read and organizations:read. Then ask the API which organizations the token reaches.',
  ],
  words: [
    { word: 'organization', meaning: 'an account that several users share: a company, a project' },
    { word: 'subject', meaning: 'for whom a token speaks: a user, or an organization' },
  ],
  about: ['authorize', 'login', 'decision', 'token', 'organizations', 'userBenefits'],
  goals,
  breaks,
  mistakes,
  hints: [
    'It is lesson 4 and lesson 5 again, with one parameter more in the authorization request.',
    'sub_type=organization in the query, and organizations:read among the scopes; then GET /v1/organizations with the new token as Bearer.',
  ],
  solution: steps,
  seed: seedClient,
  play: (learner) => learner.sendAll(steps),
  why: [
    'Who installs your app for a company may leave it; the token stays the company’s.',
    'The user chooses each time, so that no client acts for an organization that nobody meant.',
    'The prefix polar_at_o_ tells an organization’s token from a user’s, polar_at_u_.',
  ],
  production:
    'know that Polar’s own server has moved on from what its documentation describes and this sandbox does: as of August 2026, sub_type=organization gives a user token that is limited to the chosen organization, and GET /v1/users/benefit is gone.',
});
