/** Lesson 3: register a client, and say where its users come back to. */
import { type Exercise, type Goal, lesson } from '../lesson.js';
import { registerConfidential } from '../steps.js';
import { bodyMistakes } from './body.js';
import { metadataMistakes, missingScopes } from './metadata.js';
import { redirectMistakes } from './redirects.js';
import { clientMadeBy, isPlainHttp, isRegistration, redirectUrisOf, registration, urlOf } from './request.js';

const registered: Goal = {
  id: 'registered',
  text: 'Register a client that has a secret and a redirect URI on localhost.',
  requirement: 'client-register',
  reached: (exchange, context) => {
    const client = clientMadeBy(exchange, context);
    return (
      client !== null &&
      client.client_secret !== null &&
      client.redirect_uris.some((uri) => urlOf(uri)?.hostname === 'localhost') &&
      client.grant_types.includes('refresh_token') &&
      missingScopes(client.scope).length === 0
    );
  },
};

const plainHttp = registration({ redirect_uris: ['http://example.com/cb'] });

const refusedHttp: Exercise = {
  id: 'plain-http-refused',
  text: 'Register the redirect URI http://example.com/cb. This must fail.',
  requirement: 'client-redirect-https',
  guess: {
    question: 'What will the server answer?',
    choices: [
      '201: it is a valid address',
      '400: the redirect URI is refused',
      '201, with https in place of http',
    ],
    answer: 1,
  },
  isAttempt: (exchange) => isRegistration(exchange) && redirectUrisOf(exchange).some(isPlainHttp),
  refusedBy: ['redirectUriSecure'],
  lesson:
    'The code travels in the URL that the user is sent back to. Over http, anyone along the way could read it. Only localhost may use http, because that traffic never leaves the machine.',
  hints: [
    'Change one member of the request that just worked.',
    'redirect_uris is now ["http://example.com/cb"]: http, and a host other than localhost. Leave the rest as it is, so that nothing else can be the reason.',
  ],
  solution: [plainHttp],
  play: async (learner) => {
    await learner.send(plainHttp);
  },
};

export const client = lesson({
  id: 'client',
  part: 'A',
  title: 'Register a client',
  minutes: 3,
  story: [
    'With your own token you act as yourself. An application acts for other users, with their consent, and the server has to know the application first. You register it once.',
    'Registration is one request: POST a JSON object to the registration endpoint. It has the name that users will see (client_name), the addresses they may be sent back to (redirect_uris, a list), and everything the application may ever ask for (scope, one string).',
    'For these lessons, use the scope “openid profile email user:read organizations:read”. The redirect URI is the tutorial’s own page, {REDIRECT_URI}, or an app of yours on localhost.',
  ],
  words: [
    { word: 'client', meaning: 'an application that acts for users, as the server knows it' },
    { word: 'client_id and client_secret', meaning: 'the client’s name and password; the name is public' },
    { word: 'confidential client', meaning: 'a client that can keep a secret, because it runs on a server' },
    {
      word: 'redirect URI',
      meaning: 'the client’s address that the browser returns to, with the answer in the query string',
    },
  ],
  about: ['register'],
  goals: [registered],
  exercises: [refusedHttp],
  mistakes: [...bodyMistakes, ...redirectMistakes, ...metadataMistakes],
  hints: [
    'It’s one POST to the registration endpoint, with a JSON object as the body.',
    'The object has client_name, redirect_uris (a list), scope (one string, separated by spaces) and token_endpoint_auth_method (RFC 7591 §2).',
  ],
  solution: [registerConfidential],
  // Everything it needs is there from the start.
  seed: async () => {},
  play: async (learner) => {
    await learner.send(registerConfidential);
  },
  why: [
    'Keep the secret: the server shows it once, in this response. The tutorial saved it as CLIENT_SECRET.',
    'The server sends codes to the registered redirect URIs only, so nobody can divert them.',
    'A client can never ask for a scope it didn’t declare, even if someone misuses it.',
  ],
  production:
    'keep the secret out of source code and browsers, and register exact https URLs, not the ones your tests use. The registration_access_token in the response can change the registration, so keep it just as secret.',
});
