/** The chapter on the token endpoint: codes against tokens, who may ask, and what is refused. */
import { chapter } from '../requirement.js';
import * as alteredCode from './altered-code.js';
import * as basicHeader from './basic-header.js';
import * as clientAuthentication from './client-authentication.js';
import * as codeBinding from './code-binding.js';
import * as codeExpiry from './code-expiry.js';
import * as codeReplay from './code-replay.js';
import * as credentialPlacement from './credential-placement.js';
import * as errorResponses from './error-responses.js';
import * as lateReplay from './late-replay.js';
import * as otherRequests from './other-requests.js';
import * as parameters from './parameters.js';
import * as response from './response.js';
import * as scope from './scope.js';
import * as timing from './timing.js';
import * as unguessable from './unguessable.js';

export const token = chapter({
  id: 'token',
  title: 'Token endpoint',
  scenario:
    'Alice has allowed the application, and its redirect URI has received a code. The application posts ' +
    'the code, the same redirect URI and its code verifier to the token endpoint and authenticates with ' +
    'its client secret. The server compares them with what it stored for the code, marks the code as used, ' +
    'and answers with a Bearer access token, its lifetime, its scope and, because openid was requested, an ' +
    'ID Token. No cache on the way may keep that answer.',
  modules: [
    alteredCode,
    basicHeader,
    clientAuthentication,
    codeBinding,
    credentialPlacement,
    errorResponses,
    codeExpiry,
    unguessable,
    lateReplay,
    otherRequests,
    parameters,
    codeReplay,
    response,
    scope,
    timing,
  ],
});
