/** The goals and exercises of the lesson on devices and agents. */
import { isTokenRequest, type ObservedExchange } from '../../watcher/exchange.js';
import { accessTokenIn } from '../access-token.js';
import type { Exercise, Goal } from '../lesson.js';
import { isOfPublic, proofOf } from '../public/recipes.js';
import {
  askedResource,
  authorizeDevice,
  authorizeUnknown,
  callBare,
  callNotes,
  callWithOther,
  codeIn,
  decisionOf,
  readResource,
  readServer,
  redeemDevice,
  registerDevice,
} from './requests.js';

const challenged: Goal = {
  id: 'challenged',
  text: 'Call {NOTES} without a token, and find resource_metadata in the WWW-Authenticate header.',
  requirement: 'api-missing-token',
  reached: (exchange) => decisionOf(exchange) === 'no-token',
};

const resource: Goal = {
  id: 'resource-metadata',
  text: 'Fetch that metadata. It says which authorization server the API trusts.',
  requirement: 'discovery-document',
  reached: (exchange) => decisionOf(exchange) === 'metadata',
};

const isServerMetadata = ({ endpoint, status, url }: ObservedExchange): boolean =>
  endpoint === 'discovery' && status === 200 && url.pathname === '/.well-known/oauth-authorization-server';

const server: Goal = {
  id: 'server-metadata',
  text: 'Fetch the metadata of that server: /.well-known/oauth-authorization-server under the issuer.',
  requirement: 'discovery-issuer-match',
  reached: isServerMetadata,
};

const registered: Goal = {
  id: 'registered',
  text: 'Register a public client whose redirect URI is a free port of this machine: {DEVICE_CALLBACK}',
  requirement: 'client-public-no-secret',
  reached: ({ endpoint, status, json }, { store, values }) => {
    const client = store.clients.find(({ client_id }) => client_id === json?.client_id);
    return (
      endpoint === 'register' &&
      status === 201 &&
      client?.client_secret === null &&
      client.redirect_uris.some(
        (uri) => isLoopback(uri) && !uri.startsWith(new URL(values.NOTES ?? uri).origin),
      )
    );
  },
};

const isLoopback = (uri: string): boolean =>
  URL.canParse(uri) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(uri).hostname);

const authorized: Goal = {
  id: 'authorized',
  text: 'Send the user to consent with PKCE and resource={NOTES}. The browser can’t connect afterward: the code is in its address bar, and the tutorial saves it as CODE.',
  requirement: 'pkce-public-required',
  reached: (exchange, context) =>
    codeIn(exchange) !== null &&
    isOfPublic(exchange, context) &&
    askedResource(exchange) === context.values.NOTES,
};

const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code with the verifier, and name the resource again.',
  requirement: 'pkce-s256',
  reached: (exchange, context) =>
    isTokenRequest(exchange) &&
    exchange.status === 200 &&
    isOfPublic(exchange, context) &&
    proofOf(exchange, context) !== null &&
    context.reached.has('authorized'),
};

const called: Goal = {
  id: 'called',
  text: 'Call the API with the token: it’s for this API, so it opens it.',
  requirement: 'api-bearer',
  reached: (exchange) => decisionOf(exchange) === 'ok',
};

const otherApi: Exercise = {
  id: 'other-api',
  text: 'Call the notes API with OTHER_API_TOKEN, a valid token that wasn’t issued for it. This must fail.',
  requirement: 'api-invalid-token',
  guess: {
    question: 'Same server, same user, and the token hasn’t expired. What will the API answer?',
    choices: ['200: the token is valid', '401 invalid_token', '403 insufficient_scope'],
    answer: 1,
  },
  isAttempt: (exchange, context) =>
    ['ok', 'wrong-audience'].includes(decisionOf(exchange) ?? '') &&
    accessTokenIn(exchange, context)?.value !== context.values.ACCESS_TOKEN,
  refusedBy: [],
  isExpected: (exchange) => decisionOf(exchange) === 'wrong-audience' && exchange.status === 401,
  lesson:
    'The token is valid, but for someone else. If APIs accepted each other’s tokens, a malicious API could take the token an agent gives it and use it everywhere else (RFC 8707 §1, RFC 9728 §7.7).',
  hints: [
    'The call that just worked, with another token.',
    'GET {NOTES} with Authorization: Bearer and OTHER_API_TOKEN. Run the eval line first.',
  ],
  solution: [callWithOther],
  play: async (learner) => {
    await learner.send(callWithOther);
  },
};

const unknownApi: Exercise = {
  id: 'unknown-api',
  text: 'Ask for a token for an API this server doesn’t know: resource=https://api.example/. This must fail.',
  requirement: 'authz-error-state',
  guess: {
    question: 'Where does the error appear?',
    choices: ['At your redirect URI, as error=…', 'On a page of the server', 'At the API, later'],
    answer: 0,
  },
  isAttempt: (exchange, { values }) =>
    exchange.endpoint === 'authorize' &&
    askedResource(exchange) !== null &&
    askedResource(exchange) !== values.NOTES,
  refusedBy: [],
  isExpected: ({ error }) => error === 'invalid_target',
  lesson:
    'The redirect URI was valid, so the error invalid_target goes to your app (RFC 8707 §2). The server issues tokens only for APIs it knows, so nobody can have it make tokens for an attacker’s API.',
  hints: [
    'Change one parameter of the authorization request.',
    'resource is https://api.example/; everything else stays (RFC 8707 §2).',
  ],
  solution: [authorizeUnknown],
  play: async (learner) => {
    await learner.open(authorizeUnknown);
  },
};

export const goals: readonly [Goal, ...Goal[]] = [
  challenged,
  resource,
  server,
  registered,
  authorized,
  redeemed,
  called,
];
export const exercises: readonly Exercise[] = [otherApi, unknownApi];
export const solution = [
  callBare,
  readResource,
  readServer,
  registerDevice,
  authorizeDevice,
  redeemDevice,
  callNotes,
];
