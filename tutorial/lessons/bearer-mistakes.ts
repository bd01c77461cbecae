/** Wrong ways to send a bearer token: query, empty, other scheme, quotes. Messages never repeat a possible secret. */
import type { ObservedExchange } from '../watcher/exchange.js';
import { isVariable } from './compare.js';
import type { Mistake } from './lesson.js';
import type { Recipe } from './recipe.js';
import type { Name } from './values.js';

export interface BearerCall {
  /** Whether an exchange is a call that needs the token. */
  readonly isCall: (exchange: ObservedExchange) => boolean;
  /** The right request. */
  readonly recipe: Recipe;
  readonly token: Name;
}

/** @returns the mistakes, the most specific ones first */
export function bearerMistakes({ isCall, recipe, token }: BearerCall): readonly [Mistake, ...Mistake[]] {
  /** A call in which the server found no token. */
  const isWithoutToken = (exchange: ObservedExchange): boolean =>
    isCall(exchange) && exchange.rule === 'bearerToken';

  const inQuery: Mistake = {
    id: 'token-in-query',
    requirement: 'api-query-token',
    find: (exchange) =>
      isWithoutToken(exchange) && headerOf(exchange) === '' && exchange.url.searchParams.has('access_token')
        ? {
            message:
              'The token is in the URL, where logs and browser histories keep it; this server doesn’t look for it there. Send the header Authorization: Bearer, a space, and the token.',
          }
        : null,
    play: async (learner) => {
      await learner.send(recipe, {
        headers: { authorization: null },
        query: { access_token: `{${token}}` },
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
              'The request has no token. Send an Authorization header with the word Bearer, a space, and the token.',
          }
        : null,
    play: async (learner) => {
      await learner.send(recipe, { headers: { authorization: null } });
    },
  };

  const emptyToken: Mistake = {
    id: 'empty-token',
    requirement: 'api-malformed-header',
    find: (exchange) =>
      isWithoutToken(exchange) && /^bearer\s*$/i.test(headerOf(exchange))
        ? {
            message:
              'There is nothing after Bearer: the variable that should hold the token is empty in this shell, or has another name. Run the eval line again.',
          }
        : null,
    play: async (learner) => {
      await learner.send(recipe, { headers: { authorization: 'Bearer ' } });
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
              'The header has only the token. Put the word Bearer and a space before it: it says what kind of credential follows.',
          }
        : {
            message: 'The word before the token must be Bearer: this endpoint accepts no other scheme.',
            expected: 'Bearer',
            // A scheme is a short word; anything longer may be part of a secret.
            ...(/^[a-z]{1,10}$/i.test(first) ? { sent: first } : {}),
          };
    },
    play: async (learner) => {
      await learner.send(recipe, { headers: { authorization: `{${token}}` } });
    },
  };

  const variableKept: Mistake = {
    id: 'variable-not-replaced',
    requirement: 'api-malformed-header',
    find: (exchange) =>
      isWithoutToken(exchange) && hasVariable(exchange)
        ? {
            message:
              'The server received the name of the variable instead of its value: the shell replaces variables inside double quotes, not inside single ones.',
          }
        : null,
    play: async (learner) => {
      await learner.send(recipe, { headers: { authorization: `Bearer $${token}` } });
    },
  };

  const malformed: Mistake = {
    id: 'malformed-header',
    requirement: 'api-malformed-header',
    find: (exchange) =>
      isWithoutToken(exchange) && /^["']?bearer\b.*\S/i.test(headerOf(exchange).replace(/^bearer\s*$/i, ''))
        ? {
            message:
              'The header must be Bearer, one space and the token, nothing else: this one has a colon, quotes or a space too many. The shell’s quotes go around the whole header.',
          }
        : null,
    play: async (learner) => {
      await learner.send(recipe, { headers: { authorization: `Bearer "{${token}}"` } });
    },
  };

  return [inQuery, withoutToken, emptyToken, variableKept, withoutBearer, malformed];
}

const headerOf = ({ headers }: ObservedExchange): string => headers.authorization ?? '';

/** A variable name in single quotes, which the shell doesn't replace. */
const hasVariable = (exchange: ObservedExchange): boolean =>
  isVariable(headerOf(exchange).replace(/^bearer +/i, ''));
