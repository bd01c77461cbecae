/** Lesson 1: find every address, starting from the issuer. */
import { type ObservedExchange, textOf } from '../watcher/exchange.js';
import { type Goal, lesson, type Mistake } from './lesson.js';
import type { Recipe } from './recipe.js';

const PATH = '/.well-known/openid-configuration';

const readDocument: Recipe = {
  note: 'fetch the discovery document',
  method: 'GET',
  url: `{ISSUER}${PATH}`,
};
const readKeys: Recipe = { note: 'fetch the keys it names', method: 'GET', url: '{JWKS_URI}' };

/** Any discovery document, even from a lenient path. */
const isAnyDocument = ({ endpoint, status }: ObservedExchange): boolean =>
  endpoint === 'discovery' && status === 200;

const isDocument = ({ endpoint, status, url }: ObservedExchange): boolean =>
  endpoint === 'discovery' && status === 200 && url.pathname === PATH;

const document: Goal = {
  id: 'document',
  text: 'Fetch the issuer’s discovery document.',
  requirement: 'discovery-document',
  reached: isDocument,
};

const keys: Goal = {
  id: 'keys',
  text: 'Find jwks_uri in the document, and fetch the keys from that address.',
  requirement: 'discovery-jwks',
  reached: ({ endpoint, status, url }, { past, reached, values }) => {
    const named = past.filter(isDocument).map(({ json }) => textOf(json?.jwks_uri));
    const isNamed = named.includes(url.href) || (reached.has('document') && url.href === values.JWKS_URI);
    return endpoint === 'jwks' && status === 200 && isNamed;
  },
};

const wrongPath: Mistake = {
  id: 'wrong-path',
  requirement: 'discovery-document',
  find: ({ endpoint, url, status }) =>
    endpoint === null && status === 404 && /well-known|openid|oauth/i.test(url.pathname)
      ? {
          message: url.pathname.startsWith('//')
            ? `There is one slash too many. Append ${PATH} to the issuer, which doesn’t end in a slash.`
            : `Nothing is served at this address. Append exactly ${PATH} to the issuer.`,
          expected: PATH,
          sent: url.pathname,
        }
      : null,
  play: async (learner) => {
    await learner.send(readDocument, { url: '{ISSUER}/.well-known/openid_configuration' });
  },
};

const slashAtEnd: Mistake = {
  id: 'slash-at-end',
  requirement: 'discovery-document',
  find: ({ endpoint, url }) =>
    endpoint === 'discovery' && url.pathname !== PATH
      ? {
          message:
            'This server is lenient about the path; others may not be. The path doesn’t end in a slash.',
          expected: PATH,
          sent: url.pathname,
        }
      : null,
  play: async (learner) => {
    await learner.send(readDocument, { url: `{ISSUER}${PATH}/` });
  },
};

const wrongMethod: Mistake = {
  id: 'wrong-method',
  requirement: 'discovery-document',
  find: ({ endpoint, method, status }) =>
    (endpoint === 'discovery' || endpoint === 'jwks') && status === 405
      ? { message: 'You’re reading this document, not sending one: use GET.', expected: 'GET', sent: method }
      : null,
  play: async (learner) => {
    await learner.send(readDocument, { method: 'POST' });
  },
};

const keysGuessed: Mistake = {
  id: 'keys-guessed',
  requirement: 'discovery-jwks',
  find: ({ endpoint, status }, { past, reached }) =>
    endpoint === 'jwks' && status === 200 && !reached.has('document') && !past.some(isAnyDocument)
      ? {
          message:
            'Those are the keys, but you guessed the address. Fetch the discovery document first and take jwks_uri from it: every server has its own.',
        }
      : null,
  play: async (learner) => {
    await learner.send(readKeys);
  },
};

export const discover = lesson({
  id: 'discover',
  part: 'A',
  title: 'Find every address from the issuer',
  minutes: 2,
  story: [
    'Every server that signs users in has an issuer: one URL that identifies it. That URL is the only thing you configure; a JSON document underneath it lists every other address.',
    'Fetch that document. Then find the address of the server’s signing keys (jwks_uri) in it, and fetch those too.',
    'You send every request yourself from a second terminal, with curl or any other program. The tutorial shows what the server received.',
  ],
  start: readDocument,
  words: [
    { word: 'issuer', meaning: 'the URL that identifies the server; it doesn’t end in a slash' },
    {
      word: 'discovery document',
      meaning:
        'the JSON at /.well-known/openid-configuration under the issuer: every address, and what the server supports',
    },
    { word: 'JWKS', meaning: 'a JSON list of the public keys that verify the server’s signatures' },
  ],
  about: ['discovery', 'jwks'],
  goals: [document, keys],
  exercises: [],
  mistakes: [wrongPath, slashAtEnd, wrongMethod, keysGuessed],
  hints: [
    'Two GET requests: the first to a fixed path under the issuer, the second to an address in the response.',
    `The path is ${PATH} (OpenID Connect Discovery 1.0 §4); look for the member jwks_uri.`,
  ],
  solution: [readDocument, readKeys],
  seed: async () => undefined,
  play: async (learner) => {
    await learner.sendAll([readDocument, readKeys]);
  },
  why: [
    'Your program has no hard-coded addresses, so the server may move them.',
    'Check that the issuer in the document is the one you asked; otherwise someone else may be answering.',
    'Keys change. Fetch them again when a signature names a key you don’t know.',
  ],
  production:
    'cache the document for a few hours, and check that its issuer is exactly the one you configured.',
});
