/** The chapter on requests with a bearer token. */

import { chapter } from '../requirement.js';
import * as acceptedRequests from './accepted-requests.js';
import * as challenges from './challenges.js';
import * as forgedTokens from './forged-tokens.js';
import * as refusedRequests from './refused-requests.js';
import * as scope from './scope.js';
import * as tokenKinds from './token-kinds.js';

export const api = chapter({
  id: 'api',
  title: 'Requests with an access token',
  scenario:
    'The application asks the API for what Alice allowed, with its access token in the Authorization ' +
    "header. The API looks up the token, checks that it's valid, whose it is and which scopes it has, and " +
    'answers. With no token, a bad one or one of another kind, it gives nothing and sends a challenge that ' +
    'says why.',
  modules: [challenges, forgedTokens, acceptedRequests, tokenKinds, refusedRequests, scope],
});
