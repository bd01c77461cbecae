/** The chapter on ending a token before its time. */

import { chapter } from '../requirement.js';
import * as clientBinding from './client-binding.js';
import * as effect from './effect.js';
import * as hints from './hints.js';
import * as publicClients from './public-clients.js';
import * as unknownToken from './unknown-token.js';

export const revoke = chapter({
  id: 'revoke',
  title: 'Token revocation',
  scenario:
    'Alice signs out of the application, which no longer needs her tokens. It posts its refresh token to ' +
    'the revocation endpoint and authenticates as at the token endpoint. The server checks that the token ' +
    'belongs to this client, ends it and everything granted with it, and answers 200, even if there was ' +
    'nothing left to end.',
  modules: [publicClients, clientBinding, effect, hints, unknownToken],
});
