/** The chapter on robustness: what nobody sends by mistake alone, and what no answer should give away. */

import { chapter } from '../requirement.js';
import * as authorizationBytes from './authorization-bytes.js';
import * as burst from './burst.js';
import * as clientBytes from './client-bytes.js';
import * as cookieFlags from './cookie-flags.js';
import * as cors from './cors.js';
import * as errorDetails from './error-details.js';
import * as headerInjection from './header-injection.js';
import * as headers from './headers.js';
import * as largeBody from './large-body.js';
import * as longState from './long-state.js';
import * as malformedRegistration from './malformed-registration.js';

export const robust = chapter({
  id: 'robust',
  title: 'Robustness',
  scenario:
    "Someone sends what no application sends: bytes that aren't text, bodies that aren't forms, values " +
    'that are far too long. The server answers that the client made a mistake, reveals nothing about ' +
    'itself, and keeps serving everyone else. A single-page application calls the token endpoint from its ' +
    "own origin and can read the answer, but no other site can read anything that depends on a user's " +
    'session.',
  modules: [
    authorizationBytes,
    burst,
    clientBytes,
    cookieFlags,
    cors,
    errorDetails,
    headerInjection,
    headers,
    largeBody,
    longState,
    malformedRegistration,
  ],
});
