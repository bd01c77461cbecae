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
    'The application wants to greet Alice by her name. It asks userinfo with its access token and gets the claims that ' +
    'the granted scopes stand for, about the same subject as in the ID Token. Whoever comes without a good token is ' +
    'sent away with a challenge and learns nothing.',
  modules: [browsers, caches, claims, endpoint],
});
