/** Lesson 5, wrong values in a token request: redirect_uri and code. */
import { isTokenRequest } from '../../watcher/exchange.js';
import type { Mistake } from '../lesson.js';
import { exchangeCode } from '../steps.js';
import { findCode } from './code.js';

const redirectMissing: Mistake = {
  id: 'redirect-uri-missing',
  requirement: 'token-redirect-missing',
  find: (exchange) =>
    exchange.rule === 'redirectUriSame' && !exchange.form.has('redirect_uri')
      ? {
          message:
            'redirect_uri is missing. Send the same one as in the authorization request: the server compares the two.',
        }
      : null,
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { redirect_uri: null } });
  },
};

const redirectDiffers: Mistake = {
  id: 'redirect-uri-differs',
  requirement: 'token-redirect-mismatch',
  find: (exchange, context) => {
    const code = findCode(exchange, context);
    const sent = exchange.form.get('redirect_uri');
    return exchange.rule === 'redirectUriSame' && sent !== null && code !== undefined
      ? {
          message:
            'This isn’t the redirect_uri of the authorization request. The server compares the two character by character.',
          expected: code.redirect_uri,
          sent,
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(exchangeCode, { form: { redirect_uri: '{REDIRECT_URI}/' } });
  },
};

const codeExpired: Mistake = {
  id: 'code-expired',
  requirement: 'token-code-expires',
  find: (exchange) =>
    exchange.rule === 'codeFresh'
      ? {
          message:
            'This code has expired. Codes last ten minutes here, and often only one minute elsewhere. Open the authorization URL again to get a new one.',
        }
      : null,
  play: async (learner) => {
    const { CODE = '' } = await learner.values();
    await learner.age(CODE, 601);
    await learner.send(exchangeCode);
  },
};

const codeUnknown: Mistake = {
  id: 'code-unknown',
  requirement: 'token-exchange',
  find: (exchange, context) => {
    const code = exchange.form.get('code');
    if (!isTokenRequest(exchange) || code === null || exchange.error !== 'invalid_grant') return null;
    if (findCode(exchange, context) !== undefined) return null;
    return {
      message:
        'The server doesn’t know this code. Copy everything between code= and the next & in the address, and put it in quotes. If you restarted the tutorial: codes aren’t saved, so open the authorization URL again for a new one.',
    };
  },
  play: async (learner) => {
    const { CODE = '' } = await learner.values();
    await learner.send(exchangeCode, { form: { code: CODE.slice(0, 20) } });
  },
};

export const valueMistakes: readonly Mistake[] = [redirectMissing, redirectDiffers, codeExpired, codeUnknown];
