/** The chapter on robustness: what nobody sends by mistake alone, and what no answer should give away. */
import { chapter } from '../requirement.js';
import { authzBytes, tokenBytes } from './bytes.js';
import { corsCredentials, tokenCors } from './cors.js';
import { noStackTrace } from './errors.js';
import { headerInjection } from './header-injection.js';
import { largeBody } from './large-body.js';
import { longState } from './long-state.js';
import { method } from './method.js';
import { nosniff } from './nosniff.js';
import { registrationJson, unicode } from './registration.js';

export const robust = chapter({
  id: 'robust',
  title: 'Robustness',
  story:
    'Somebody sends what no application sends: bytes that are no text, bodies that are no form, values that are far too long. ' +
    'The server tells the client that it made a mistake, gives nothing away about itself, and goes on serving all others. ' +
    'A single-page application calls the token endpoint from its own origin and may read the answer, ' +
    'while no other site can read anything that goes by the session of a person.',
  requirements: [
    longState,
    authzBytes,
    tokenBytes,
    largeBody,
    registrationJson,
    unicode,
    headerInjection,
    noStackTrace,
    method,
    tokenCors,
    corsCredentials,
    nosniff,
  ],
});
