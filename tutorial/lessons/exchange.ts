/** Lesson 5: the code becomes tokens, once. */
import { clientIdOf, isTokenRequest, type Seen } from '../watcher/seen.js';
import { type Break, type Goal, lesson, type Mistake, type Scene } from './lesson.js';
import type { Recipe } from './recipe.js';
import { exchangeCode, seedCode } from './steps.js';

/** The sandbox's record of the code that a request carries. */
const codeIn = ({ form }: Seen, { store }: Scene) =>
  store.codes.find(({ value }) => value === form.get('code'));

/** The request without its form, for mistakes that send something else. */
const bare: Recipe = { note: exchangeCode.note, method: 'POST', url: exchangeCode.url };

const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code at the token endpoint, as the client that it was issued to.',
  requirement: 'token-exchange',
  reached: (exchange) =>
    isTokenRequest(exchange) &&
    exchange.status === 200 &&
    exchange.form.get('grant_type') === 'authorization_code',
};

const replayed: Break = {
  id: 'replayed',
  text: 'Send the same code again. This must fail.',
  requirement: 'token-code-single-use',
  guess: {
    question: 'What will the server answer?',
    choices: ['The same tokens', 'New tokens', 'An error'],
    answer: 2,
  },
  tried: (exchange, { past }) =>
    isTokenRequest(exchange) &&
    past.some((one) => one.status === 200 && one.form.get('code') === exchange.form.get('code')),
  refusedBy: ['codeUnused'],
  lesson:
    'A code works once. Whoever sends it a second time may be a thief, so this server also ended the tokens that the first time brought. Not every server does: RFC 6749 only recommends it.',
  hints: [
    'Repeat the request that has just worked, without any change.',
    'The same code, the same redirect_uri, the same client: a code is good for one request (RFC 6749 §4.1.2).',
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
            'You sent JSON. A token request is a form: name=value pairs joined by &, which curl sends with --data-urlencode.',
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
            'Tokens are asked for by POST: in a URL, the code and the secret would end in logs and histories.',
          expected: 'POST',
          sent: exchange.method,
        }
      : null,
  play: async (learner) => {
    await learner.send({ ...bare, method: 'GET', query: exchangeCode.form ?? {} });
  },
};

/** By which means the request proves who the client is (RFC 6749 §2.3.1). */
const methodOf = ({ headers, form }: Seen): string =>
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
      return { message: 'The request does not say which client sends it: client_id is missing.' };
    }
    const client = store.clients.find(({ client_id }) => client_id === id);
    if (client === undefined) {
      const message = 'No client has this client_id: was it copied whole?';
      return values.CLIENT_ID === undefined ? { message } : { message, expected: values.CLIENT_ID, sent: id };
    }
    const method = methodOf(exchange);
    return client.token_endpoint_auth_method === method
      ? {
          message:
            'The client_secret is not the one of this client: was it copied whole, and from the right client?',
        }
      : {
          message: 'The client authenticates in another way than it was registered for.',
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
            'redirect_uri is missing. Send the one of the authorization request again: the server compares the two.',
        }
      : null,
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { redirect_uri: null } });
  },
};

const redirectDiffers: Mistake = {
  id: 'redirect-uri-differs',
  requirement: 'token-redirect-mismatch',
  find: (exchange, scene) => {
    const code = codeIn(exchange, scene);
    const sent = exchange.form.get('redirect_uri');
    return exchange.rule === 'redirectUriSame' && sent !== null && code !== undefined
      ? {
          message: 'redirect_uri is not the one that you authorized with. They are compared byte by byte.',
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
            'This code is too old: it lives for ten minutes here, and often for one elsewhere. Open the authorization URL again for a new one.',
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
  find: (exchange, scene) => {
    const code = exchange.form.get('code');
    if (!isTokenRequest(exchange) || code === null || exchange.error !== 'invalid_grant') return null;
    if (codeIn(exchange, scene) !== undefined) return null;
    return {
      message:
        'No such code was ever issued. Take all that stands between code= and the next & of the address, and quote it for the shell, which ends a command at &.',
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
    'Your client now redeems it, from server to server: it posts the code to the token endpoint, together with the redirect_uri that it was sent to, and proves with its secret who it is.',
    'The answer holds an access token, with which you call the API, a refresh token, with which you get a new one later, and an ID Token, which tells you who signed in.',
  ],
  words: [
    { word: 'token endpoint', meaning: 'the address at which a client gets tokens; no user is involved' },
    { word: 'grant', meaning: 'what a client shows to get tokens: here a code' },
  ],
  about: ['token'],
  goals: [redeemed],
  breaks: [replayed],
  mistakes: [jsonBody, byGet, clientAuthentication, redirectMissing, redirectDiffers, codeExpired, codeCut],
  hints: [
    'It is one POST to the token endpoint, with a form as its body.',
    'The form has grant_type=authorization_code, code, redirect_uri, client_id and client_secret (RFC 6749 §4.1.3).',
  ],
  solution: [exchangeCode],
  seed: seedCode,
  play: async (learner) => {
    await learner.send(exchangeCode);
  },
  why: [
    'The code was bound to your client and your redirect_uri: a thief of the code has neither.',
    'The secret never went through the browser.',
    'The answer says Cache-Control: no-store, so that no cache keeps the tokens.',
  ],
  production: 'redeem the code at once, on your server, and never log the answer.',
});
