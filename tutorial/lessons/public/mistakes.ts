/** Mistakes in a public client's flow: in its registration, in its request, and with the wrong client. */
import { isTokenRequest } from '../../watcher/exchange.js';
import type { Mistake } from '../lesson.js';
import { registerConfidential } from '../steps.js';
import {
  arrive,
  authorizePublic,
  carriesSecret,
  clientOf,
  isAuthorization,
  isOfPublic,
  redeemPublic,
  registerPublic,
} from './recipes.js';

const registeredWithSecret: Mistake = {
  id: 'registered-with-secret',
  requirement: 'client-public-no-secret',
  find: ({ endpoint, status, json, sentJson }) =>
    endpoint === 'register' && status === 201 && json?.client_secret !== undefined
      ? {
          message:
            'This client has a secret. Register one with token_endpoint_auth_method none: an app on its users’ devices can’t keep a secret.',
          expected: 'none',
          sent: String(sentJson?.token_endpoint_auth_method ?? 'nothing, which means client_secret_post'),
        }
      : null,
  play: async (learner) => {
    await learner.send(registerConfidential);
  },
};

const otherClient: Mistake = {
  id: 'confidential-client',
  requirement: 'pkce-s256',
  find: (exchange, context) => {
    const client = clientOf(exchange, context);
    if (!isAuthorization(exchange) || client === undefined || client.client_secret === null) return null;
    const { PUBLIC_CLIENT_ID: expected } = context.values;
    return {
      message:
        'This is the client with a secret. Use the client_id of the public client you registered in this lesson.',
      ...(expected === undefined ? {} : { expected, sent: client.client_id }),
    };
  },
  play: async (learner) => {
    await learner.send(registerPublic);
    await learner.send(authorizePublic, { query: { client_id: '{CLIENT_ID}' } });
  },
};

const plain: Mistake = {
  id: 'plain',
  requirement: 'pkce-method-unsupported',
  find: (exchange, context) => {
    const method = exchange.url.searchParams.get('code_challenge_method') ?? '';
    return isAuthorization(exchange) &&
      isOfPublic(exchange, context) &&
      exchange.rule === 'challengeMethodSupported'
      ? {
          message:
            'With plain, the verifier itself travels through the browser, where others may read it. Send its hash and say so: code_challenge_method=S256.',
          expected: 'S256',
          sent: method === '' ? 'nothing, which means plain' : method,
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(registerPublic);
    await learner.send(authorizePublic, {
      query: { code_challenge: '{CODE_VERIFIER}', code_challenge_method: 'plain' },
    });
  },
};

const secretSent: Mistake = {
  id: 'secret-sent',
  requirement: 'pkce-s256',
  find: (exchange, context) =>
    isTokenRequest(exchange) &&
    exchange.status >= 400 &&
    isOfPublic(exchange, context) &&
    carriesSecret(exchange)
      ? {
          message:
            'You sent a secret, but this client has none. Leave out client_secret and HTTP Basic: client_id in the form says who the client is, and code_verifier proves it.',
        }
      : null,
  play: async (learner) => {
    await arrive(learner);
    await learner.send(redeemPublic, { form: { client_secret: '{CLIENT_SECRET}' } });
  },
};

const verifierMissing: Mistake = {
  id: 'verifier-missing',
  requirement: 'pkce-verifier-missing',
  find: (exchange, context) =>
    isTokenRequest(exchange) && isOfPublic(exchange, context) && exchange.rule === 'verifierRequired'
      ? {
          message:
            'code_verifier is missing. Send the random string that the challenge was made from: it’s how this client proves itself.',
        }
      : null,
  play: async (learner) => {
    await arrive(learner);
    await learner.send(redeemPublic, { form: { code_verifier: null } });
  },
};

export const flowMistakes = [registeredWithSecret, otherClient, plain, secretSent, verifierMissing] as const;
