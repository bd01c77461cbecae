/** Lesson 3, wrong ways to say where the user comes back to. */
import { textOf } from '../../watcher/exchange.js';
import { isVariable } from '../compare.js';
import type { Mistake } from '../lesson.js';
import {
  clientMadeBy,
  isLoopbackNumber,
  isPlainHttp,
  isRegistration,
  redirectUrisOf,
  register,
  urlOf,
} from './request.js';

const singular: Mistake = {
  id: 'redirect-uri-singular',
  requirement: 'client-required-fields',
  find: (exchange) =>
    exchange.rule === 'redirectUrisAcceptable' &&
    exchange.sentJson !== null &&
    'redirect_uri' in exchange.sentJson &&
    !('redirect_uris' in exchange.sentJson)
      ? {
          message:
            'A registration has redirect_uris, with an s, and its value is a list. redirect_uri, without the s, belongs to the requests of the next lessons.',
          expected: 'redirect_uris',
          sent: 'redirect_uri',
        }
      : null,
  play: async (learner) => {
    await register(learner, { redirect_uris: null, redirect_uri: '{REDIRECT_URI}' });
  },
};

const asText: Mistake = {
  id: 'redirect-uris-text',
  requirement: 'client-required-fields',
  find: ({ rule, sentJson }) => {
    const sent = textOf(sentJson?.redirect_uris);
    return rule === 'redirectUrisAcceptable' && sent !== null
      ? {
          message: 'redirect_uris is a list, even with one entry: put the URI in square brackets.',
          expected: JSON.stringify([sent]),
          sent: JSON.stringify(sent),
        }
      : null;
  },
  play: async (learner) => {
    await register(learner, { redirect_uris: '{REDIRECT_URI}' });
  },
};

const missing: Mistake = {
  id: 'redirect-uris-missing',
  requirement: 'client-required-fields',
  find: ({ rule, sentJson }) =>
    rule === 'redirectUrisAcceptable' && textOf(sentJson?.redirect_uris) === null
      ? {
          message:
            'redirect_uris is missing, empty or not a list of strings. Without it the server wouldn’t know where to send the user back.',
        }
      : null,
  play: async (learner) => {
    await register(learner, { redirect_uris: [] });
  },
};

const variableKept: Mistake = {
  id: 'variable-not-replaced',
  requirement: 'client-redirect-absolute',
  find: (exchange) =>
    isRegistration(exchange) && exchange.status === 400 && redirectUrisOf(exchange).some(isVariable)
      ? {
          message:
            'The server received the name of the variable instead of its value: the shell replaces nothing inside single quotes. Put the address itself in the JSON.',
        }
      : null,
  play: async (learner) => {
    await register(learner, { redirect_uris: ['$REDIRECT_URI'] });
  },
};

const withoutScheme: Mistake = {
  id: 'without-scheme',
  requirement: 'client-redirect-absolute',
  find: (exchange) => {
    if (exchange.rule !== 'redirectUriSecure' && exchange.rule !== 'redirectUriAbsolute') return null;
    const sent = redirectUrisOf(exchange).find((uri) => !/^[a-z][a-z0-9+.-]*:\/\//i.test(uri));
    if (sent === undefined || !isRegistration(exchange)) return null;
    const complete = `http://${sent.replace(/^\/*/, '')}`;
    return {
      message: 'A redirect URI is a complete URL, starting with http:// or https://.',
      ...(sent.startsWith('localhost') ? { expected: complete, sent } : {}),
    };
  },
  play: async (learner) => {
    await register(learner, { redirect_uris: ['localhost:3000/callback'] });
  },
};

const loopbackNumber: Mistake = {
  id: 'loopback-number',
  requirement: 'client-redirect-loopback-ip',
  find: (exchange) => {
    if (exchange.rule !== 'redirectUriSecure') return null;
    const sent = redirectUrisOf(exchange).find((uri) => {
      const url = urlOf(uri);
      return url?.protocol === 'http:' && isLoopbackNumber(url);
    });
    return sent === undefined
      ? null
      : {
          message:
            'Only the host name localhost may use http. The number means the same machine, but it isn’t the same text: write localhost.',
          expected: sent.replace(/^(http:\/\/)(?:127[\d.]*|\[::1\])/i, '$1localhost'),
          sent,
        };
  },
  play: async (learner) => {
    await register(learner, { redirect_uris: ['http://127.0.0.1:3000/callback'] });
  },
};

const plainHttp: Mistake = {
  id: 'plain-http',
  requirement: 'client-redirect-https',
  find: (exchange) => {
    const sent = redirectUrisOf(exchange).find(isPlainHttp);
    return exchange.rule === 'redirectUriSecure' && sent !== undefined
      ? {
          message:
            'Only the host name localhost may use http: to any other host the code would travel unencrypted. Use https, or localhost for this lesson.',
          expected: sent.replace(/^http:/i, 'https:'),
          sent,
        }
      : null;
  },
  play: async (learner) => {
    await register(learner, { redirect_uris: ['http://app.example/callback'] });
  },
};

const fragment: Mistake = {
  id: 'fragment',
  requirement: 'client-redirect-fragment',
  find: (exchange) => {
    const sent = redirectUrisOf(exchange).find((uri) => uri.includes('#'));
    return exchange.rule === 'redirectUriWithoutFragment' && sent !== undefined
      ? {
          message: 'A redirect URI must not have a fragment: leave out the # and everything after it.',
          expected: sent.replace(/#.*$/, ''),
          sent,
        }
      : null;
  },
  play: async (learner) => {
    await register(learner, { redirect_uris: ['{REDIRECT_URI}#done'] });
  },
};

const elsewhere: Mistake = {
  id: 'not-on-this-machine',
  requirement: 'client-redirect-localhost',
  find: (exchange, context) => {
    const client = clientMadeBy(exchange, context);
    if (client === null || client.redirect_uris.some((uri) => urlOf(uri)?.hostname === 'localhost'))
      return null;
    return {
      message:
        'This client is registered, but its users come back to another machine, where the next lessons can’t continue. Register one with a redirect URI on localhost.',
      expected: context.values.REDIRECT_URI ?? '',
      sent: client.redirect_uris[0] ?? '',
    };
  },
  play: async (learner) => {
    await register(learner, { redirect_uris: ['https://app.example/callback'] });
  },
};

export const redirectMistakes: readonly Mistake[] = [
  singular,
  asText,
  missing,
  variableKept,
  withoutScheme,
  loopbackNumber,
  plainHttp,
  fragment,
  elsewhere,
];
