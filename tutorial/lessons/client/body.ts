/** Lesson 3, wrong ways to send a registration: address, method, media type, JSON. */
import type { Mistake } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import { registerConfidential } from '../steps.js';
import { isRegistration } from './request.js';

/** The request without its body. */
const bare: Recipe = { note: registerConfidential.note, method: 'POST', url: registerConfidential.url };

const JSON_TYPE = 'application/json';

const wrongPath: Mistake = {
  id: 'wrong-path',
  requirement: 'client-register',
  find: ({ endpoint, url, sentJson }, { values }) =>
    endpoint === null && sentJson !== null && ('redirect_uris' in sentJson || 'client_name' in sentJson)
      ? {
          message:
            'Nothing is served at this address. Use the registration_endpoint from the discovery document exactly as it is.',
          expected: values.REGISTRATION_ENDPOINT ?? '',
          sent: `${url.origin}${url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.send(registerConfidential, { url: '{API}/oauth2/clients' });
  },
};

const notPost: Mistake = {
  id: 'not-post',
  requirement: 'client-register',
  find: ({ endpoint, method }) =>
    endpoint === 'register' && method !== 'POST'
      ? {
          message:
            'Register a client with POST and a body that describes it. curl sends POST when you add --data.',
          expected: 'POST',
          sent: method,
        }
      : null,
  play: async (learner) => {
    await learner.send({ ...bare, method: 'GET' });
  },
};

const contentType: Mistake = {
  id: 'content-type',
  requirement: 'client-register',
  find: (exchange) =>
    exchange.rule === 'registrationMediaType' && isRegistration(exchange) && exchange.sentJson !== null
      ? {
          message:
            'The body is JSON, but the Content-Type says something else. curl --data labels every body as a form: add the header Content-Type: application/json.',
          expected: JSON_TYPE,
          sent: exchange.headers['content-type'] ?? 'no content type',
        }
      : null,
  play: async (learner) => {
    await learner.send({
      ...registerConfidential,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  },
};

const formBody: Mistake = {
  id: 'form-body',
  requirement: 'client-register',
  find: (exchange) =>
    exchange.rule === 'registrationMediaType' && isRegistration(exchange) && exchange.sentJson === null
      ? {
          message:
            'The body isn’t JSON. A registration is a JSON object, sent with the header Content-Type: application/json.',
          expected: JSON_TYPE,
          sent: exchange.headers['content-type'] ?? 'no content type',
        }
      : null,
  play: async (learner) => {
    await learner.send({
      ...bare,
      form: { client_name: 'My first client', redirect_uris: '{REDIRECT_URI}' },
    });
  },
};

const brokenJson: Mistake = {
  id: 'broken-json',
  requirement: 'robust-registration-json',
  find: (exchange) =>
    isRegistration(exchange) &&
    exchange.status === 400 &&
    exchange.rule !== 'registrationMediaType' &&
    exchange.sentJson === null
      ? {
          message:
            'The body isn’t a valid JSON object. Put it in single quotes in the shell, so that the double quotes inside reach the server, and don’t leave a comma before a closing bracket.',
        }
      : null,
  play: async (learner) => {
    await learner.send(
      { ...bare, headers: { 'content-type': JSON_TYPE } },
      // What is left when the shell has removed the quotes.
      { body: '{client_name: My first client, redirect_uris: [{REDIRECT_URI}]}' },
    );
  },
};

export const bodyMistakes: readonly [Mistake, ...Mistake[]] = [
  wrongPath,
  notPost,
  contentType,
  formBody,
  brokenJson,
];
