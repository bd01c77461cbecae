/** Lesson 5, wrong ways to authenticate the client. */
import { clientIdOf, isTokenRequest, type ObservedExchange } from '../../watcher/exchange.js';
import type { Mistake } from '../lesson.js';
import { exchangeCode } from '../steps.js';

/** How the request authenticates the client (RFC 6749 §2.3.1). */
const methodOf = ({ headers, form }: ObservedExchange): string =>
  headers.authorization !== undefined
    ? 'client_secret_basic'
    : form.has('client_secret')
      ? 'client_secret_post'
      : 'none';

const secretMissing: Mistake = {
  id: 'secret-missing',
  requirement: 'token-auth-post-wrong',
  find: (exchange, { store }) => {
    const client = store.clients.find(({ client_id }) => client_id === clientIdOf(exchange));
    const isConfidential = client !== undefined && client.client_secret !== null;
    return isTokenRequest(exchange) &&
      exchange.status === 401 &&
      isConfidential &&
      methodOf(exchange) === 'none'
      ? {
          message:
            'client_secret is missing. Your client has a secret, and sends it with every token request to prove who it is.',
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { client_secret: null } });
  },
};

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

export const clientMistakes: readonly Mistake[] = [secretMissing, clientAuthentication];
