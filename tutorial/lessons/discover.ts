/** Lesson 1: every address from the issuer alone. */
import { type Seen, textOf } from '../watcher/seen.js';
import { type Goal, lesson, type Mistake } from './lesson.js';
import type { Recipe } from './recipe.js';

const PATH = '/.well-known/openid-configuration';

const readDocument: Recipe = {
  note: 'ask for the discovery document',
  method: 'GET',
  url: `{ISSUER}${PATH}`,
};
const readKeys: Recipe = { note: 'ask for the keys that it names', method: 'GET', url: '{JWKS_URI}' };

const isDocument = ({ endpoint, status, url }: Seen): boolean =>
  endpoint === 'discovery' && status === 200 && url.pathname === PATH;

const document: Goal = {
  id: 'document',
  text: 'Ask the issuer for its discovery document.',
  requirement: 'discovery-document',
  reached: isDocument,
};

const keys: Goal = {
  id: 'keys',
  text: 'Take jwks_uri from the document, and ask for the keys there.',
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
            ? `There is one slash too many: append ${PATH} to the issuer, which has no slash at its end.`
            : `Nothing is served there. Append ${PATH} to the issuer, letter by letter.`,
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
          message: `This server is lenient about the path; the next one may not be. It ends without a slash.`,
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
      ? { message: 'The document is read, not sent: use GET.', expected: 'GET', sent: method }
      : null,
  play: async (learner) => {
    await learner.send(readDocument, { method: 'POST' });
  },
};

const keysGuessed: Mistake = {
  id: 'keys-guessed',
  requirement: 'discovery-jwks',
  find: ({ endpoint, status }, { past, reached }) =>
    endpoint === 'jwks' && status === 200 && !reached.has('document') && !past.some(isDocument)
      ? {
          message:
            'Those are the keys, but the address was guessed. Ask for the discovery document first and take jwks_uri from it: on another server it is another one.',
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
    'A server that signs users in has an issuer: one URL that is its name. All other addresses you learn from a JSON document below it, so that your program needs no other setting.',
    'Ask for that document. Then take from it the address of the keys, with which the server signs, and ask for those.',
    'You send each request yourself, with curl or any other program, from a second terminal. This one watches what arrives and tells what it saw.',
  ],
  words: [
    { word: 'issuer', meaning: 'the URL that names the server, without a slash at its end' },
    {
      word: 'discovery document',
      meaning: 'the JSON at /.well-known/openid-configuration below the issuer: all addresses and abilities',
    },
    { word: 'JWKS', meaning: 'a JSON list of the public keys with which signatures are checked' },
  ],
  about: ['discovery', 'jwks'],
  goals: [document, keys],
  breaks: [],
  mistakes: [wrongPath, slashAtEnd, wrongMethod, keysGuessed],
  hints: [
    'Two GET requests: the first to a fixed path below the issuer, the second to an address in its answer.',
    `The path is ${PATH} (OpenID Connect Discovery 1.0 §4); the member that you look for is jwks_uri.`,
  ],
  solution: [readDocument, readKeys],
  seed: async () => undefined,
  play: async (learner) => {
    await learner.sendAll([readDocument, readKeys]);
  },
  why: [
    'No address is written into your program: the server may move them.',
    'The issuer in the document has to be the one that you asked: else somebody answers for another.',
    'Keys change. Ask for them again when a signature names a key that you do not know.',
  ],
  production: 'keep the document for some hours, and compare its issuer with your setting, letter by letter.',
});
