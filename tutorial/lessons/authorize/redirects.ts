/** Lesson 4, redirect URIs that are not the registered one: compared character by character. */
import type { ClientRecord } from '../../../fixtures/sandbox/store/records.js';
import type { ObservedExchange } from '../../watcher/exchange.js';
import { describeDifference } from '../compare.js';
import type { LessonContext, Mistake } from '../lesson.js';
import { authorize, registerConfidential } from '../steps.js';
import { clientAsking, isRequest, nearestUri, parameter } from './request.js';

/** A request whose redirect_uri is not registered. */
interface Mismatch {
  readonly client: ClientRecord;
  readonly sent: string;
  readonly expected: string;
}

function mismatch(exchange: ObservedExchange, context: LessonContext): Mismatch | null {
  const client = clientAsking(exchange, context);
  const sent = parameter(exchange, 'redirect_uri');
  if (!isRequest(exchange) || exchange.rule !== 'redirectUriMatches') return null;
  return client === null || sent === null ? null : { client, sent, expected: nearestUri(client, sent) };
}

/** A mistake in which the two URIs differ in one thing. */
function differing(
  about: Pick<Mistake, 'id' | 'requirement' | 'play'> & {
    readonly message: string;
    readonly parts: (found: Mismatch, exchange: ObservedExchange) => boolean;
  },
): Mistake {
  const { id, requirement, play, message, parts } = about;
  return {
    id,
    requirement,
    play,
    find: (exchange, context) => {
      const found = mismatch(exchange, context);
      if (found === null || !parts(found, exchange)) return null;
      return { message, expected: found.expected, sent: found.sent };
    },
  };
}

const NUMBER = /^(https?:\/\/)(?:127\.0\.0\.1|\[::1\])/i;

const withNumber = differing({
  id: 'loopback-number',
  requirement: 'authz-redirect-exact-origin',
  message:
    'localhost and 127.0.0.1 are the same machine but not the same text, and the server compares text. Send the registered URI.',
  parts: ({ client, sent }) =>
    client.redirect_uris.includes(sent.replace(NUMBER, '$1localhost')) ||
    client.redirect_uris.some((uri) => uri.replace(NUMBER, '$1localhost') === sent),
  play: async (learner) => {
    const { REDIRECT_URI = '' } = await learner.values();
    const redirect_uri = REDIRECT_URI.replace('localhost', '127.0.0.1');
    await learner.open(authorize, { query: { redirect_uri } });
  },
});

const slash = differing({
  id: 'slash',
  requirement: 'authz-redirect-exact-path',
  message:
    'The two URIs differ only in the slash at the end, but that’s enough: the server compares them character by character.',
  parts: ({ client: { redirect_uris }, sent }) =>
    redirect_uris.includes(`${sent}/`) || redirect_uris.some((uri) => `${uri}/` === sent),
  play: async (learner) => {
    await learner.open(authorize, { query: { redirect_uri: '{REDIRECT_URI}/' } });
  },
});

const encodedTwice = differing({
  id: 'encoded-twice',
  requirement: 'authz-redirect-unregistered',
  message:
    'redirect_uri was URL-encoded twice: decoded once, it still has percent signs. Encode it once, or let curl or URLSearchParams do it.',
  parts: ({ expected, sent }) => describeDifference(expected, sent) === 'encoded twice',
  play: async (learner) => {
    const { REDIRECT_URI = '' } = await learner.values();
    await learner.open(authorize, { query: { redirect_uri: encodeURIComponent(REDIRECT_URI) } });
  },
});

const notEncoded = differing({
  id: 'not-encoded',
  requirement: 'authz-redirect-exact-query',
  message:
    'redirect_uri wasn’t URL-encoded: its own & ended it, and the rest became parameters of the request. Write each & in it as %26.',
  parts: ({ client: { redirect_uris }, sent }) => redirect_uris.some((uri) => uri.startsWith(`${sent}&`)),
  play: async (learner) => {
    const uri = '{REDIRECT_URI}?from=login&step=1';
    await learner.send({
      ...registerConfidential,
      json: { ...registerConfidential.json, redirect_uris: [uri, '{REDIRECT_URI}'] },
    });
    const url = `{AUTHORIZATION_ENDPOINT}?response_type=code&client_id={CLIENT_ID}&scope=openid&redirect_uri=${uri}`;
    await learner.open(authorize, { url });
  },
});

const otherUri = differing({
  id: 'redirect-uri-unregistered',
  requirement: 'authz-redirect-unregistered',
  message:
    'This redirect_uri isn’t registered for the client. So the server shows the error itself: it never redirects to an address it doesn’t know.',
  parts: () => true,
  play: async (learner) => {
    await learner.open(authorize, { query: { redirect_uri: 'http://localhost:3000/other' } });
  },
});

const redirectMissing: Mistake = {
  id: 'redirect-uri-missing',
  requirement: 'authz-redirect-missing',
  find: (exchange, context) =>
    isRequest(exchange) && exchange.rule === 'requestedRedirectUri'
      ? {
          message: `redirect_uri is missing. Send a registered one, even if the client has only one: ${clientAsking(exchange, context)?.redirect_uris.join(' ') ?? ''}`,
        }
      : null,
  play: async (learner) => {
    await learner.open(authorize, { query: { redirect_uri: null } });
  },
};

export const redirectMistakes: readonly Mistake[] = [
  redirectMissing,
  withNumber,
  slash,
  encodedTwice,
  notEncoded,
  otherUri,
];
