/** The chapter on the authorization request: what is accepted, what is refused, and where an answer may go. */
import { chapter } from '../requirement.js';
import { idTokenHint, maxAge, promptConsent, promptLogin } from './again.js';
import { errorResponse } from './errors.js';
import { hintsAccepted, parameterDuplicate, post, requestObject, responseMode } from './forms.js';
import { parameterUnknown } from './parameters.js';
import { noConsent, signedOut, silent } from './prompt.js';
import { redirectExactOrigin, redirectExactPath, redirectExactQuery } from './redirect-exact.js';
import { redirectDuplicate, redirectQueryRetained } from './redirect-query.js';
import { clientUnknown, noOpenRedirect, redirectMissing, redirectUnregistered } from './redirect-uri.js';
import { codeResponse, iss } from './response.js';
import { responseTypeCodeOnly, responseTypeInvalid } from './response-type.js';
import { scopeUndeclared, scopeUnknown } from './scope.js';
import { stateEcho } from './state.js';
import { story } from './story.js';

export const authz = chapter({
  id: 'authz',
  title: 'Authorization request',
  story:
    'The application sends Alice’s browser to the authorization endpoint with what it wants, where it wants the answer, a ' +
    'state that only this browser knows, a nonce and a code challenge. The server makes sure that the address belongs to ' +
    'the application before it sends anything there. Alice signs in and allows, and her browser arrives at the redirect ' +
    'URI with one code, the state as it was, and the issuer’s name.',
  requirements: [
    story,
    codeResponse,
    stateEcho,
    responseTypeInvalid,
    responseTypeCodeOnly,
    clientUnknown,
    redirectUnregistered,
    redirectMissing,
    redirectExactPath,
    redirectExactQuery,
    redirectExactOrigin,
    redirectQueryRetained,
    redirectDuplicate,
    noOpenRedirect,
    errorResponse,
    scopeUndeclared,
    scopeUnknown,
    signedOut,
    noConsent,
    silent,
    promptLogin,
    promptConsent,
    maxAge,
    post,
    parameterUnknown,
    parameterDuplicate,
    hintsAccepted,
    responseMode,
    requestObject,
    iss,
    idTokenHint,
  ],
});
