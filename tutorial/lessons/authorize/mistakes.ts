/** Lesson 4, wrong ways to ask: address, client, scope, state. */
import { isVariable } from '../compare.js';
import type { Mistake } from '../lesson.js';
import { authorize } from '../steps.js';
import {
  clientAsking,
  hasLostPlus,
  isGuessable,
  isRequest,
  isUnderWay,
  parameter,
  scopesAsked,
} from './request.js';

const wrongPath: Mistake = {
  id: 'wrong-path',
  requirement: 'authz-story',
  find: (exchange, { values }) =>
    !['authorize', 'login', 'decision'].includes(exchange.endpoint ?? '') &&
    exchange.method === 'GET' &&
    exchange.status >= 400 &&
    (parameter(exchange, 'client_id') !== null || parameter(exchange, 'response_type') !== null)
      ? {
          message:
            'This isn’t the authorization endpoint. Use the authorization_endpoint from the discovery document exactly as it is, and add ? and the parameters.',
          expected: values.AUTHORIZATION_ENDPOINT ?? '',
          sent: `${exchange.url.origin}${exchange.url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.open({ ...authorize, url: '{API}/oauth2/authorize' });
  },
};

const clientMissing: Mistake = {
  id: 'client-id-missing',
  requirement: 'authz-client-unknown',
  find: (exchange) =>
    isRequest(exchange) && exchange.rule === 'clientKnown' && parameter(exchange, 'client_id') === null
      ? {
          message:
            'The server received no client_id. If your URL has one, put the URL in quotes: the shell ends a command at the first &.',
        }
      : null,
  play: async (learner) => {
    await learner.send(authorize, { url: '{AUTHORIZATION_ENDPOINT}?response_type=code' });
  },
};

const variableKept: Mistake = {
  id: 'variable-not-replaced',
  requirement: 'authz-client-unknown',
  find: (exchange) => {
    const sent = parameter(exchange, 'client_id') ?? '';
    return isRequest(exchange) && exchange.rule === 'clientKnown' && isVariable(sent)
      ? {
          message:
            'The server received the name of the variable instead of its value: a browser doesn’t replace it, and neither does a shell inside single quotes. Print the URL first, then open what was printed.',
        }
      : null;
  },
  play: async (learner) => {
    await learner.open(authorize, { query: { client_id: '$CLIENT_ID' } });
  },
};

const clientUnknown: Mistake = {
  id: 'client-id-unknown',
  requirement: 'authz-client-unknown',
  find: (exchange, { values }) => {
    const sent = parameter(exchange, 'client_id');
    return isRequest(exchange) && exchange.rule === 'clientKnown' && sent !== null
      ? {
          message:
            'No client has this client_id. Use the complete one from your registration; you don’t need the secret here.',
          expected: values.CLIENT_ID ?? '',
          // If it is a secret, it is not repeated.
          ...(sent.startsWith('polar_cs_') ? {} : { sent }),
        }
      : null;
  },
  play: async (learner) => {
    const { CLIENT_ID = '' } = await learner.values();
    await learner.open(authorize, { query: { client_id: CLIENT_ID.slice(0, -4) } });
  },
};

const responseType: Mistake = {
  id: 'response-type',
  requirement: 'authz-response-type-invalid',
  find: (exchange) => {
    const { rule } = exchange;
    if (!isRequest(exchange) || (rule !== 'requestedResponseType' && rule !== 'responseTypeSupported'))
      return null;
    const sent = parameter(exchange, 'response_type');
    return {
      message: 'response_type says what should come back, and that’s a code: send response_type=code.',
      ...(sent === null ? {} : { expected: 'code', sent }),
    };
  },
  play: async (learner) => {
    await learner.open(authorize, { query: { response_type: 'token' } });
  },
};

const scopeEncoding: Mistake = {
  id: 'scope-separators',
  requirement: 'authz-scope-undeclared',
  find: (exchange) => {
    const sent = parameter(exchange, 'scope') ?? '';
    return isRequest(exchange) && exchange.rule === 'grantableScopes' && /[,;+]|%20/.test(sent)
      ? {
          message:
            'Separate scopes with one space, encoded once in a URL as + or %20. The server received something else between them.',
          expected: sent.split(/[,;+ ]+|%20/).join(' '),
          sent,
        }
      : null;
  },
  play: async (learner) => {
    // A plus sign that was encoded twice.
    await learner.open(authorize, { query: { scope: 'openid+profile' } });
  },
};

const scopeUndeclared: Mistake = {
  id: 'scope-undeclared',
  requirement: 'authz-scope-undeclared',
  find: (exchange, context) => {
    if (!isRequest(exchange) || exchange.rule !== 'grantableScopes') return null;
    const declared = clientAsking(exchange, context)?.scope ?? '';
    const missing = scopesAsked(exchange).filter((scope) => !declared.split(' ').includes(scope));
    return {
      message: `The client didn’t declare: ${missing.join(' ')}. It can only ask for the scopes it was registered with: ${declared}.`,
    };
  },
  play: async (learner) => {
    await learner.open(authorize, { query: { scope: 'openid profile customers:read' } });
  },
};

const openidMissing: Mistake = {
  id: 'openid-missing',
  requirement: 'token-id-token',
  find: (exchange) =>
    isUnderWay(exchange) && !scopesAsked(exchange).includes('openid')
      ? {
          message:
            'The server accepts this but won’t tell you who signed in: for that, the scope needs openid. Add it.',
          expected: ['openid', ...scopesAsked(exchange)].join(' '),
          sent: scopesAsked(exchange).join(' '),
        }
      : null,
  play: async (learner) => {
    await learner.open(authorize, { query: { scope: 'profile' } });
  },
};

const stateMissing: Mistake = {
  id: 'state-missing',
  requirement: 'authz-state-echo',
  find: (exchange) =>
    isUnderWay(exchange) && parameter(exchange, 'state') === null
      ? {
          message:
            'The server accepts this, but you’re unprotected: without state you can’t tell whether a response answers your own request. Add state with a random string.',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorize, { query: { state: null } });
  },
};

const stateGuessable: Mistake = {
  id: 'state-guessable',
  requirement: 'authz-state-echo',
  find: (exchange) => {
    const state = parameter(exchange, 'state');
    return isUnderWay(exchange) && state !== null && isGuessable(state)
      ? {
          message: `An attacker can guess the state “${state}”. Use a random string of at least eight characters; the variable STATE has one.`,
        }
      : null;
  },
  play: async (learner) => {
    await learner.open(authorize, { query: { state: '1' } });
  },
};

const statePlus: Mistake = {
  id: 'state-not-encoded',
  requirement: 'authz-state-echo',
  find: (exchange) =>
    isUnderWay(exchange) && hasLostPlus(parameter(exchange, 'state') ?? '')
      ? {
          message:
            'state wasn’t URL-encoded: a + in a URL means a space, and that’s what comes back. Write it as %2B, or use letters and digits only.',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorize, { query: { state: 'kJ9 xV2tQ/7m z0pLw3c5g==' } });
  },
};

export const requestMistakes: readonly [Mistake, ...Mistake[]] = [
  wrongPath,
  clientMissing,
  variableKept,
  clientUnknown,
  responseType,
  scopeEncoding,
  scopeUndeclared,
  openidMissing,
  stateMissing,
  stateGuessable,
  statePlus,
];
