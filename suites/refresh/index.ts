/** The chapter on refresh tokens: what they give, to whom, and how far. */

import { chapter } from '../requirement.js';
import * as alteredToken from './altered-token.js';
import * as clientBinding from './client-binding.js';
import * as concurrent from './concurrent.js';
import * as expiry from './expiry.js';
import * as idToken from './id-token.js';
import * as refreshRequest from './refresh-request.js';
import * as replacedToken from './replaced-token.js';
import * as rotation from './rotation.js';
import * as scope from './scope.js';

export const refresh = chapter({
  id: 'refresh',
  title: 'Refresh tokens',
  scenario:
    "The access token is about to expire, and Alice isn't there. The application posts its refresh token " +
    'to the token endpoint and authenticates as before. The server checks that the token was issued to ' +
    'this client and that Alice granted the scope, and answers with a new access token, usually with a new ' +
    'refresh token too.',
  modules: [
    alteredToken,
    replacedToken,
    clientBinding,
    concurrent,
    expiry,
    idToken,
    rotation,
    scope,
    refreshRequest,
  ],
});
