/** The chapter on requests with a bearer token. */

import { chapter } from '../requirement.js';
import * as accepted from './accepted-requests.js';
import * as challenges from './challenges.js';
import * as forged from './forged-tokens.js';
import * as refused from './refused-requests.js';
import * as scope from './scope.js';
import * as kinds from './token-kinds.js';

export const api = chapter({
  id: 'api',
  title: 'Requests with an access token',
  scenario:
    'The application asks the API for what Alice allowed, with its access token in the Authorization header. ' +
    'The API looks the token up, sees that it is alive, whose it is and for which scopes, and answers. ' +
    'Without a token, with a bad one or with one of another kind nothing is given, and a challenge says why.',
  modules: [challenges, forged, accepted, kinds, refused, scope],
});
