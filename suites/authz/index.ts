/** The chapter on the authorization request: what is accepted, what is refused, and where an answer may go. */
import { chapter } from '../requirement.js';
import * as response from './code-response.js';
import * as early from './early-errors.js';
import * as errors from './error-responses.js';
import * as preferences from './hints.js';
import * as hints from './id-token-hints.js';
import * as loopback from './loopback.js';
import * as optional from './optional-parameters.js';
import * as optionalState from './optional-state.js';
import * as prompt from './prompt-none.js';
import * as promptValues from './prompt-values.js';
import * as again from './reauthentication.js';
import * as redirectConfusion from './redirect-confusion.js';
import * as redirectExact from './redirect-exact.js';
import * as redirectQuery from './redirect-query.js';
import * as redirectRegistered from './redirect-registered.js';
import * as redirectUri from './redirect-uri.js';
import * as forms from './request-forms.js';
import * as requestObjectError from './request-object-error.js';
import * as responseParameters from './response-parameters.js';
import * as responseType from './response-type.js';
import * as scope from './scope.js';
import * as state from './state.js';
import * as parameters from './unknown-parameters.js';
import * as story from './whole-flow.js';

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
    again,
    early,
    errors,
    hints,
    preferences,
    loopback,
    optional,
    promptValues,
    redirectConfusion,
    redirectRegistered,
    requestObjectError,
    responseParameters,
    optionalState,
    forms,
    parameters,
    prompt,
    redirectExact,
    redirectQuery,
    redirectUri,
    response,
    responseType,
    scope,
    state,
    story,
  ],
});
