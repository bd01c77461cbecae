/** The chapter on asking the server what a token is. */

import { chapter } from '../requirement.js';
import * as guarded from './access.js';
import * as live from './active-tokens.js';
import * as inactive from './inactive-tokens.js';
import * as others from './other-tokens.js';

export const introspect = chapter({
  id: 'introspect',
  title: 'Token introspection',
  scenario:
    'The application holds a token and wants to know whether it is still good. It posts the token to the ' +
    'introspection endpoint and authenticates. The server says that the token is active, for whom, for which client ' +
    'and until when; of a token that is unknown, expired or revoked it says that it is inactive, and nothing else.',
  modules: [others, guarded, live, inactive],
});
