/** The chapter on the authorization request: what is accepted, what is refused, and where an answer may go. */
import { chapter } from '../requirement.js';
import * as codeResponse from './code-response.js';
import * as earlyErrors from './early-errors.js';
import * as errorResponses from './error-responses.js';
import * as hints from './hints.js';
import * as idTokenHints from './id-token-hints.js';
import * as loopback from './loopback.js';
import * as optionalParameters from './optional-parameters.js';
import * as optionalState from './optional-state.js';
import * as promptNone from './prompt-none.js';
import * as promptValues from './prompt-values.js';
import * as reauthentication from './reauthentication.js';
import * as redirectConfusion from './redirect-confusion.js';
import * as redirectExact from './redirect-exact.js';
import * as redirectQuery from './redirect-query.js';
import * as redirectRegistered from './redirect-registered.js';
import * as redirectUri from './redirect-uri.js';
import * as requestForms from './request-forms.js';
import * as requestObjectError from './request-object-error.js';
import * as responseParameters from './response-parameters.js';
import * as responseType from './response-type.js';
import * as scope from './scope.js';
import * as state from './state.js';
import * as unknownParameters from './unknown-parameters.js';
import * as wholeFlow from './whole-flow.js';

export const authz = chapter({
  id: 'authz',
  title: 'Authorization request',
  scenario:
    "The application sends Alice's browser to the authorization endpoint with what it wants, where it " +
    'wants the answer, a state that only this browser knows, a nonce and a code challenge. Before the ' +
    'server sends anything there, it checks that the redirect URI belongs to the application. Alice signs ' +
    'in and allows, and her browser arrives at the redirect URI with one code, the unchanged state, and ' +
    "the issuer's name.",
  modules: [
    reauthentication,
    earlyErrors,
    errorResponses,
    idTokenHints,
    hints,
    loopback,
    optionalParameters,
    promptValues,
    redirectConfusion,
    redirectRegistered,
    requestObjectError,
    responseParameters,
    optionalState,
    requestForms,
    unknownParameters,
    promptNone,
    redirectExact,
    redirectQuery,
    redirectUri,
    codeResponse,
    responseType,
    scope,
    state,
    wholeFlow,
  ],
});
