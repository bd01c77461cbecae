/** Lesson 6, wrong ways to send a token: address, query, header. Messages never repeat what may be a secret. */
import type { ObservedExchange } from '../../watcher/exchange.js';
import { isVariable } from '../compare.js';
import type { Mistake } from '../lesson.js';
import { callUserinfo, isCall } from './requests.js';

/** A call in which the server found no token. */
const isWithoutToken = (exchange: ObservedExchange): boolean =>
  isCall(exchange) && exchange.rule === 'bearerToken';

const headerOf = ({ headers }: ObservedExchange): string => headers.authorization ?? '';

const wrongPath: Mistake = {
  id: 'wrong-path',
  requirement: 'userinfo-get',
  find: ({ endpoint, url, headers }, { values }) =>
    endpoint === null && (headers.authorization !== undefined || url.pathname.endsWith('/userinfo'))
      ? {
          message:
            'Nothing is served at this address. Take the userinfo_endpoint of the discovery document as it is.',
          expected: values.USERINFO_ENDPOINT ?? '',
          sent: `${url.origin}${url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.send(callUserinfo, { url: '{API}/userinfo' });
  },
};

const inQuery: Mistake = {
  id: 'token-in-query',
  requirement: 'api-query-token',
  find: (exchange) =>
    isWithoutToken(exchange) && headerOf(exchange) === '' && exchange.url.searchParams.has('access_token')
      ? {
          message:
            'The token is in the URL, where logs and histories keep it; this server does not look for it there. Send the header Authorization: Bearer, a space, and the token.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callUserinfo, {
      headers: { authorization: null },
      query: { access_token: '{ACCESS_TOKEN}' },
    });
  },
};

const withoutToken: Mistake = {
  id: 'without-token',
  requirement: 'api-missing-token',
  find: (exchange) =>
    isWithoutToken(exchange) && headerOf(exchange) === '' && !exchange.url.searchParams.has('access_token')
      ? {
          message:
            'The request has no token. Send the header Authorization with the word Bearer, a space, and the access token.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callUserinfo, { headers: { authorization: null } });
  },
};

const emptyToken: Mistake = {
  id: 'empty-token',
  requirement: 'api-malformed-header',
  find: (exchange) =>
    isWithoutToken(exchange) && /^bearer\s*$/i.test(headerOf(exchange))
      ? {
          message:
            'After Bearer there is nothing: the variable that should hold the token is empty in this shell, or has another name.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callUserinfo, { headers: { authorization: 'Bearer ' } });
  },
};

const withoutBearer: Mistake = {
  id: 'without-bearer',
  requirement: 'api-malformed-header',
  find: (exchange) => {
    const [first = '', rest] = headerOf(exchange).split(/\s+/);
    if (!isWithoutToken(exchange) || first === '' || /^["']?bearer\b/i.test(first)) return null;
    return rest === undefined
      ? {
          message:
            'The header has the token alone. Before it stands the word Bearer and a space: it says how the token is to be taken.',
        }
      : {
          message: 'The word before the token is Bearer: this endpoint takes no other scheme.',
          expected: 'Bearer',
          // A scheme is a word; a longer one may be a part of a secret.
          ...(/^[a-z]{1,10}$/i.test(first) ? { sent: first } : {}),
        };
  },
  play: async (learner) => {
    await learner.send(callUserinfo, { headers: { authorization: '{ACCESS_TOKEN}' } });
  },
};

/** A name in single quotes, which the shell leaves alone. */
const hasVariable = (exchange: ObservedExchange): boolean =>
  isVariable(headerOf(exchange).replace(/^bearer +/i, ''));

const variableKept: Mistake = {
  id: 'variable-not-replaced',
  requirement: 'api-malformed-header',
  find: (exchange) =>
    isWithoutToken(exchange) && hasVariable(exchange)
      ? {
          message:
            'The name of the variable arrived, and not its value: the shell replaces it within double quotes, not within single ones.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callUserinfo, { headers: { authorization: 'Bearer $ACCESS_TOKEN' } });
  },
};

const malformed: Mistake = {
  id: 'malformed-header',
  requirement: 'api-malformed-header',
  find: (exchange) =>
    isWithoutToken(exchange) && /^["']?bearer\b.*\S/i.test(headerOf(exchange).replace(/^bearer\s*$/i, ''))
      ? {
          message:
            'The header has something beside Bearer, one space and the token: a colon, quotation marks or a space. The quotes of the shell go around the whole header.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callUserinfo, { headers: { authorization: 'Bearer "{ACCESS_TOKEN}"' } });
  },
};

export const headerMistakes: readonly [Mistake, ...Mistake[]] = [
  wrongPath,
  inQuery,
  withoutToken,
  emptyToken,
  withoutBearer,
  variableKept,
  malformed,
];
