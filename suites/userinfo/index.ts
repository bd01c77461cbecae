/** The chapter on the endpoint that gives claims about the subject of an access token. */

import { chapter } from '../requirement.js';
import * as browsers from './browsers.js';
import * as caches from './caches.js';
import * as claims from './claims.js';
import * as endpoint from './endpoint.js';

export const userinfo = chapter({
  id: 'userinfo',
  title: 'UserInfo',
  scenario:
    'The application wants to greet Alice by name. It sends its access token to userinfo and gets the ' +
    'claims of the granted scopes, about the same subject as in the ID Token. A request without a valid ' +
    'token gets a challenge and nothing else.',
  modules: [browsers, caches, claims, endpoint],
});
