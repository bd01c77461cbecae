/** Lesson 5, wrong ways to send a token request: address, method, body, and what a shell does to it. */
import { isTokenRequest, type ObservedExchange } from '../../watcher/exchange.js';
import { isVariable } from '../compare.js';
import type { Mistake } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import { exchangeCode } from '../steps.js';

/** The request without its form, for mistakes that send something else. */
const bare: Recipe = { note: exchangeCode.note, method: 'POST', url: exchangeCode.url };

const wrongPath: Mistake = {
  id: 'wrong-path',
  requirement: 'token-exchange',
  find: ({ endpoint, form, url }, { values }) =>
    endpoint === null && (form.has('grant_type') || form.has('code'))
      ? {
          message:
            'Nothing is served at this address. Use the token_endpoint from the discovery document exactly as it is.',
          expected: values.TOKEN_ENDPOINT ?? '',
          sent: `${url.origin}${url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.send(exchangeCode, { url: '{ISSUER}/oauth2/token' });
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

/** Everything after an unquoted & is lost: the shell runs the command up to it in the background. */
const cutAtAmpersand: Mistake = {
  id: 'cut-at-ampersand',
  requirement: 'token-exchange',
  find: (exchange) => {
    const { form } = exchange;
    const [only, ...others] = [...form.keys()];
    return isTokenRequest(exchange) && exchange.status >= 400 && only !== undefined && others.length === 0
      ? {
          message: `The server only received ${only}. If your command has more, put the whole body in quotes: the shell ends a command at the first &.`,
        }
      : null;
  },
  play: async (learner) => {
    await learner.send({ ...bare, form: { grant_type: 'authorization_code' } });
  },
};

/** @returns the name of a field that has this kind of value */
const fieldWith = ({ form }: ObservedExchange, matches: (value: string) => boolean): string | undefined =>
  [...form].find(([, value]) => matches(value))?.[0];

const variableKept: Mistake = {
  id: 'variable-not-replaced',
  requirement: 'token-exchange',
  find: (exchange) => {
    const name = fieldWith(exchange, isVariable);
    return isTokenRequest(exchange) && exchange.status >= 400 && name !== undefined
      ? {
          message: `In ${name} the server received the name of a variable instead of its value: the shell replaces variables inside double quotes, not inside single ones.`,
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { code: '$CODE' } });
  },
};

const emptyField: Mistake = {
  id: 'empty-field',
  requirement: 'token-exchange',
  find: (exchange) => {
    const name = fieldWith(exchange, (value) => value === '');
    return isTokenRequest(exchange) && exchange.status >= 400 && name !== undefined
      ? {
          message: `${name} is empty. If you wrote a variable there, it isn’t set in this shell: run the eval line again.`,
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { code: '' } });
  },
};

const grantType: Mistake = {
  id: 'grant-type',
  requirement: 'token-grant-type-unsupported',
  find: (exchange) => {
    const sent = exchange.form.get('grant_type');
    return isTokenRequest(exchange) && exchange.status >= 400 && sent !== 'authorization_code'
      ? {
          message: 'grant_type says what you’re handing in. For a code, its value is authorization_code.',
          expected: 'authorization_code',
          sent: sent ?? 'no grant_type',
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { grant_type: 'code' } });
  },
};

export const formMistakes: readonly [Mistake, ...Mistake[]] = [
  wrongPath,
  jsonBody,
  byGet,
  cutAtAmpersand,
  variableKept,
  emptyField,
  grantType,
];
