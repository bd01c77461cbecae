/** The chapter on asking the server what a token is. */

import { chapter } from '../requirement.js';
import * as access from './access.js';
import * as activeTokens from './active-tokens.js';
import * as inactiveTokens from './inactive-tokens.js';
import * as otherTokens from './other-tokens.js';

export const introspect = chapter({
  id: 'introspect',
  title: 'Token introspection',
  scenario:
    "The application holds a token and wants to know whether it's still valid. It posts the token to the " +
    "introspection endpoint and authenticates. For an active token, the server says who it's for, which " +
    "client it belongs to and when it expires. For an unknown, expired or revoked one, it says that it's " +
    'inactive, and nothing else.',
  modules: [otherTokens, access, activeTokens, inactiveTokens],
});
