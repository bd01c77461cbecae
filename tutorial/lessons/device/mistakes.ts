/** Mistakes in the lesson on devices and agents. */
import type { Mistake } from '../lesson.js';
import { isOfPublic } from '../public/recipes.js';
import {
  askedResource,
  authorizeDevice,
  callNotes,
  callWithOther,
  codeIn,
  decisionOf,
  readResource,
  readServer,
  redeemDevice,
  registerDevice,
} from './requests.js';

const resourcePath: Mistake = {
  id: 'resource-metadata-path',
  requirement: 'discovery-document',
  find: (exchange, { values }) =>
    decisionOf(exchange) === 'not-found'
      ? {
          message:
            'Nothing is served at this address. The 401 response names the metadata’s address. It has the well-known path right after the host, before the path of the API (RFC 9728 §3.1).',
          expected: values.NOTES_METADATA ?? '',
          sent: `${exchange.url.origin}${exchange.url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.send(readResource, { url: '{NOTES}/.well-known/oauth-protected-resource' });
  },
};

const serverPath: Mistake = {
  id: 'server-metadata-path',
  requirement: 'discovery-issuer-match',
  find: (exchange, { values }) =>
    exchange.endpoint === null &&
    decisionOf(exchange) === null &&
    /well-known|oauth/.test(exchange.url.pathname)
      ? {
          message:
            'Nothing is served at this address. Append /.well-known/oauth-authorization-server to the issuer (RFC 8414 §3).',
          expected: values.SERVER_METADATA ?? '',
          sent: `${exchange.url.origin}${exchange.url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.send(readServer, { url: '{ISSUER}/.well-known/oauth-authorisation-server' });
  },
};

const resourceMissing: Mistake = {
  id: 'resource-missing',
  requirement: 'authz-code-response',
  find: (exchange, context) =>
    codeIn(exchange) !== null && isOfPublic(exchange, context) && askedResource(exchange) === null
      ? {
          message:
            'You got a code, but the request didn’t say which API the token is for, so the notes API will refuse it. Add the parameter resource with the API’s address.',
        }
      : null,
  play: async (learner) => {
    await learner.send(registerDevice);
    await learner.open(authorizeDevice, { query: { resource: null } });
  },
};

const resourceDiffers: Mistake = {
  id: 'resource-differs',
  requirement: 'authz-code-response',
  find: (exchange, { values, reached }) => {
    const sent = askedResource(exchange) ?? exchange.form.get('resource');
    return exchange.error === 'invalid_target' && sent !== null && !reached.has('called')
      ? {
          message:
            'The server doesn’t know this resource. It’s the value of “resource” in the API’s metadata, exactly as it is there.',
          expected: values.NOTES ?? '',
          sent,
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(registerDevice);
    await learner.open(authorizeDevice, { query: { resource: '{NOTES}/' } });
  },
};

const wrongAudience: Mistake = {
  id: 'wrong-audience',
  requirement: 'api-invalid-token',
  find: (exchange, { reached }) =>
    decisionOf(exchange) === 'wrong-audience' && !reached.has('called')
      ? {
          message:
            'This token is valid, but not for the notes API: its authorization request had no resource parameter. Use the token you got in this lesson (run the eval line).',
        }
      : null,
  play: async (learner) => {
    await learner.send(callWithOther);
  },
};

const wrongToken: Mistake = {
  id: 'wrong-token',
  requirement: 'api-invalid-token',
  find: (exchange) =>
    decisionOf(exchange) === 'wrong-token'
      ? {
          message:
            'The API doesn’t know this token, or it was revoked. Send the access_token from the token response; the variable ACCESS_TOKEN has it.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callNotes, { headers: { authorization: 'Bearer polar_at_u_made_up' } });
  },
};

const verifierMissing: Mistake = {
  id: 'verifier-missing',
  requirement: 'pkce-verifier-missing',
  find: ({ rule }) =>
    rule === 'verifierRequired'
      ? {
          message:
            'code_verifier is missing. An app on a device has no secret, so the verifier is its only proof.',
        }
      : null,
  play: async (learner) => {
    await learner.send(registerDevice);
    await learner.open(authorizeDevice);
    await learner.send(redeemDevice, { form: { code_verifier: null } });
  },
};

export const mistakes: readonly [Mistake, ...Mistake[]] = [
  resourcePath,
  serverPath,
  resourceMissing,
  resourceDiffers,
  wrongAudience,
  wrongToken,
  verifierMissing,
];
