/** Lesson 3: a client makes itself known, and says where its users come back to. */
import { type Break, type Goal, lesson } from '../lesson.js';
import { registerConfidential } from '../steps.js';
import { bodyMistakes } from './body.js';
import { metadataMistakes, missingScopes } from './metadata.js';
import { redirectMistakes } from './redirects.js';
import { clientMadeBy, isPlainHttp, isRegistration, redirectUrisOf, registration, urlOf } from './sent.js';

const registered: Goal = {
  id: 'registered',
  text: 'Register a client that has a secret and a redirect URI on localhost.',
  requirement: 'client-register',
  reached: (exchange, scene) => {
    const client = clientMadeBy(exchange, scene);
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

const refusedHttp: Break = {
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
  tried: (exchange) => isRegistration(exchange) && redirectUrisOf(exchange).some(isPlainHttp),
  refusedBy: ['redirectUriSecure'],
  lesson:
    'The code travels in the address to which the user is sent back. Over http everybody on the way could read it, so only localhost, which never leaves the machine, may do without https.',
  hints: [
    'Change one member of the request that has just worked.',
    'redirect_uris is now ["http://example.com/cb"]: http, and a host that is not localhost. All else stays, so that nothing else can be the reason.',
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
    'With a token of your own you act as yourself. An application acts for others, with their consent, and the server must know it first: it is registered once.',
    'Registering is one request: you post a JSON object to the registration endpoint. It holds the name that people will see, the addresses to which they may be sent back, and what the application may ever ask for.',
    'For the lessons it asks for: openid profile email user:read organizations:read. The redirect URI is the page of this tutorial, or an app of yours on localhost.',
  ],
  words: [
    { word: 'client', meaning: 'an application that wants to act for people, as the server knows it' },
    { word: 'client_id and client_secret', meaning: 'name and password of the client; the name is public' },
    { word: 'confidential client', meaning: 'one that can keep a secret, because it runs on a server' },
    {
      word: 'redirect URI',
      meaning: 'the address of the client to which the browser comes back, with the answer in its query',
    },
  ],
  about: ['register'],
  goals: [registered],
  breaks: [refusedHttp],
  mistakes: [...bodyMistakes, ...redirectMistakes, ...metadataMistakes],
  hints: [
    'It is one POST to the registration endpoint, with a JSON object as its body.',
    'The object has client_name, redirect_uris (a list), scope (one text, words separated by spaces) and token_endpoint_auth_method (RFC 7591 §2).',
  ],
  solution: [registerConfidential],
  // Everything that it needs is there from the start.
  seed: async () => {},
  play: async (learner) => {
    await learner.send(registerConfidential);
  },
  why: [
    'Keep the secret: it is shown once, in this answer. The tutorial has noted it as CLIENT_SECRET.',
    'The server sends codes to the registered redirect URIs and nowhere else, so nobody can have them sent elsewhere.',
    'What the client has not declared as scope it can never ask for, however it is misused.',
  ],
  production:
    'keep the secret out of source code and browsers, and register exact https addresses, without those of your tests. The registration_access_token of the answer opens the record of the client: it is as secret.',
});
