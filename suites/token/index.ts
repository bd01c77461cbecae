/** The chapter on the token endpoint: codes against tokens, who may ask, and what is refused. */
import { chapter } from '../requirement.js';
import {
  authBasic,
  authBasicWrong,
  authMissing,
  authPost,
  authPostWrong,
  authUnknownClient,
} from './client-authentication.js';
import { codeClientBound, codeSingleUse, redirectMismatch } from './code.js';
import { authBasicEncoding, authTwoMethods, credentialsInQuery } from './credentials.js';
import { errorFormat, getRefused, grantTypeUnsupported } from './errors.js';
import { codeExpires } from './expiry.js';
import { unguessable } from './guessing.js';
import { formCharset, parameterEmpty, parameterRepeated, redirectMissing } from './parameters.js';
import { codeConcurrent, codeReplayRevokes } from './replay.js';
import {
  exchange,
  expiresIn,
  expiresInNumber,
  idToken,
  noStore,
  prefixes,
  responseMembers,
} from './response.js';
import { scopeAccurate } from './scope.js';

export const token = chapter({
  id: 'token',
  title: 'Token endpoint',
  story:
    'Alice has allowed the application, and its redirect URI has received a code. ' +
    'The application posts the code, the same redirect URI and its code verifier to the token endpoint and ' +
    'authenticates with its client secret. ' +
    'The server compares all of it with what it stored for the code, marks the code as used, and answers with a ' +
    'Bearer access token, its lifetime, its scope and, as openid was asked for, an ID Token. ' +
    'No cache on the way may keep that answer.',
  requirements: [
    exchange,
    responseMembers,
    prefixes,
    unguessable,
    expiresIn,
    expiresInNumber,
    scopeAccurate,
    idToken,
    noStore,
    authBasic,
    authPost,
    authBasicWrong,
    authPostWrong,
    authMissing,
    authUnknownClient,
    authTwoMethods,
    authBasicEncoding,
    credentialsInQuery,
    getRefused,
    codeSingleUse,
    codeReplayRevokes,
    codeConcurrent,
    codeExpires,
    codeClientBound,
    redirectMismatch,
    redirectMissing,
    formCharset,
    parameterRepeated,
    parameterEmpty,
    grantTypeUnsupported,
    errorFormat,
  ],
});
