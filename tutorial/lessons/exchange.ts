/** Lesson 5: exchange the code for tokens, once. */
import { clientIdOf, isTokenRequest, type ObservedExchange } from '../watcher/exchange.js';
import { type Exercise, type Goal, type LessonContext, lesson, type Mistake } from './lesson.js';
import type { Recipe } from './recipe.js';
import { exchangeCode, seedCode } from './steps.js';

/** The sandbox's record of the code that a request carries. */
const codeIn = ({ form }: ObservedExchange, { store }: LessonContext) =>
  store.codes.find(({ value }) => value === form.get('code'));

/** The request without its form, for mistakes that send something else. */
const bare: Recipe = { note: exchangeCode.note, method: 'POST', url: exchangeCode.url };

const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code at the token endpoint, using the same client.',
  requirement: 'token-exchange',
  reached: (exchange) =>
    isTokenRequest(exchange) &&
    exchange.status === 200 &&
    exchange.form.get('grant_type') === 'authorization_code',
};

const replayed: Exercise = {
  id: 'replayed',
  text: 'Send the same code again. This must fail.',
  requirement: 'token-code-single-use',
  guess: {
    question: 'What will the server answer?',
    choices: ['The same tokens', 'New tokens', 'An error'],
    answer: 2,
  },
  isAttempt: (exchange, { past }) =>
    isTokenRequest(exchange) &&
    past.some((one) => one.status === 200 && one.form.get('code') === exchange.form.get('code')),
  refusedBy: ['codeUnused'],
  lesson:
    'A code works once. Whoever sends it a second time may be a thief, so this server also revoked the tokens issued the first time. Not every server does: RFC 6749 only recommends it.',
  hints: [
    'Repeat the request that just worked, unchanged.',
    'The same code, the same redirect_uri, the same client: a code works for one request only (RFC 6749 §4.1.2).',
  ],
  solution: [exchangeCode],
  play: async (learner) => {
    await learner.send(exchangeCode);
  },
};

const jsonBody: Mistake = {
  id: 'json-body',
  requirement: 'token-exchange',
  find: (exchange) =>
    isTokenRequest(exchange) && exchange.sentJson !== null
      ? {
          message:
            'You sent JSON. A token request is a form: name=value pairs joined by &. curl sends them with --data-urlencode.',
          expected: 'application/x-www-form-urlencoded',
          sent: exchange.headers['content-type'] ?? 'no content type',
        }
      : null,
  play: async (learner) => {
    await learner.send({
      ...bare,
      json: { grant_type: 'authorization_code', code: '{CODE}', redirect_uri: '{REDIRECT_URI}' },
    });
  },
};

const byGet: Mistake = {
  id: 'get',
  requirement: 'token-get-refused',
  find: (exchange) =>
    exchange.endpoint === 'token' && exchange.method !== 'POST'
      ? {
          message:
            'Use POST to get tokens: in a URL, the code and the secret would end up in logs and browser histories.',
          expected: 'POST',
          sent: exchange.method,
        }
      : null,
  play: async (learner) => {
    await learner.send({ ...bare, method: 'GET', query: exchangeCode.form ?? {} });
  },
};

/** How the request authenticates the client (RFC 6749 §2.3.1). */
const methodOf = ({ headers, form }: ObservedExchange): string =>
  headers.authorization !== undefined
    ? 'client_secret_basic'
    : form.has('client_secret')
      ? 'client_secret_post'
      : 'none';

const clientAuthentication: Mistake = {
  id: 'client-authentication',
  requirement: 'token-auth-post-wrong',
  find: (exchange, { store, values }) => {
    if (!isTokenRequest(exchange) || exchange.error !== 'invalid_client') return null;
    const id = clientIdOf(exchange);
    if (id === null) {
      return { message: 'The request doesn’t say which client sent it: client_id is missing.' };
    }
    const client = store.clients.find(({ client_id }) => client_id === id);
    if (client === undefined) {
      const message = 'No client has this client_id. Did you copy all of it?';
      return values.CLIENT_ID === undefined ? { message } : { message, expected: values.CLIENT_ID, sent: id };
    }
    const method = methodOf(exchange);
    return client.token_endpoint_auth_method === method
      ? {
          message: 'This isn’t the client’s secret. Did you copy all of it, and from the right client?',
        }
      : {
          message:
            'The client didn’t authenticate the way it was registered for (token_endpoint_auth_method).',
          expected: client.token_endpoint_auth_method,
          sent: method,
        };
  },
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { client_secret: 'polar_cs_of_another_client' } });
  },
};

const redirectMissing: Mistake = {
  id: 'redirect-uri-missing',
  requirement: 'token-redirect-missing',
  find: (exchange) =>
    exchange.rule === 'redirectUriSame' && !exchange.form.has('redirect_uri')
      ? {
          message:
            'redirect_uri is missing. Send the same one as in the authorization request: the server compares the two.',
        }
      : null,
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { redirect_uri: null } });
  },
};

const redirectDiffers: Mistake = {
  id: 'redirect-uri-differs',
  requirement: 'token-redirect-mismatch',
  find: (exchange, context) => {
    const code = codeIn(exchange, context);
    const sent = exchange.form.get('redirect_uri');
    return exchange.rule === 'redirectUriSame' && sent !== null && code !== undefined
      ? {
          message:
            'This isn’t the redirect_uri of the authorization request. The server compares the two character by character.',
          expected: code.redirect_uri,
          sent,
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { redirect_uri: '{REDIRECT_URI}/' } });
  },
};

const codeExpired: Mistake = {
  id: 'code-expired',
  requirement: 'token-code-expires',
  find: (exchange) =>
    exchange.rule === 'codeFresh'
      ? {
          message:
            'This code has expired. Codes last ten minutes here, and often only one minute elsewhere. Open the authorization URL again to get a new one.',
        }
      : null,
  play: async (learner) => {
    const { CODE = '' } = await learner.values();
    await learner.age(CODE, 601);
    await learner.send(exchangeCode);
  },
};

const codeCut: Mistake = {
  id: 'code-unknown',
  requirement: 'token-exchange',
  find: (exchange, context) => {
    const code = exchange.form.get('code');
    if (!isTokenRequest(exchange) || code === null || exchange.error !== 'invalid_grant') return null;
    if (codeIn(exchange, context) !== undefined) return null;
    return {
      message:
        'The server has never issued this code. Copy everything between code= and the next & in the address, and put it in quotes: the shell ends a command at &.',
    };
  },
  play: async (learner) => {
    const { CODE = '' } = await learner.values();
    await learner.send(exchangeCode, { form: { code: CODE.slice(0, 20) } });
  },
};

export const exchange = lesson({
  id: 'exchange',
  part: 'B',
  title: 'Exchange the code for tokens',
  minutes: 4,
  story: [
    'Your redirect URI has received a code. A code opens nothing by itself: it traveled through a browser, where others may have seen it.',
    'Your client now redeems it, server to server: it POSTs a form to the token endpoint with the code, the redirect_uri the code was sent to, and its own client_id and client_secret. grant_type says what the client is handing in: authorization_code.',
    'The response has an access token to call the API with, a refresh token to get new access tokens later, and an ID Token that tells you who signed in.',
  ],
  words: [
    { word: 'token endpoint', meaning: 'where a client gets tokens; no user is involved' },
    { word: 'grant', meaning: 'what a client hands in to get tokens: here an authorization code' },
  ],
  about: ['token'],
  goals: [redeemed],
  exercises: [replayed],
  mistakes: [jsonBody, byGet, clientAuthentication, redirectMissing, redirectDiffers, codeExpired, codeCut],
  hints: [
    'It’s one POST to the token endpoint, with a form as the body.',
    'The form has grant_type=authorization_code, code, redirect_uri, client_id and client_secret (RFC 6749 §4.1.3).',
  ],
  solution: [exchangeCode],
  seed: seedCode,
  play: async (learner) => {
    await learner.send(exchangeCode);
  },
  why: [
    'The code was bound to your client and your redirect_uri: someone who steals the code has neither.',
    'The secret never went through the browser.',
    'The response says Cache-Control: no-store, so no cache keeps the tokens.',
  ],
  production: 'redeem the code immediately, on your server, and never log the response.',
});
