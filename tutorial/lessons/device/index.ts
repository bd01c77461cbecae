/** An app on the user's device, or an agent: it finds out everything by itself, from the API to the token. */
import type { Learner } from '../../learner/learner.js';
import { isTokenRequest } from '../../watcher/exchange.js';
import { lesson } from '../lesson.js';
import { hasCode, type PictureStep } from '../picture.js';
import { seedTokens } from '../steps.js';
import { freePort } from '../your-app/steps.js';
import { exercises, goals, solution } from './goals.js';
import { mistakes } from './mistakes.js';
import { decisionOf } from './requests.js';

const picture: readonly PictureStep[] = [
  {
    from: 'client',
    to: 'api',
    label: 'call without a token: 401',
    matches: (one) => decisionOf(one) === 'no-token',
    mayFail: true,
  },
  {
    from: 'client',
    to: 'api',
    label: 'metadata: which server?',
    matches: (one) => decisionOf(one) === 'metadata',
  },
  {
    from: 'client',
    to: 'server',
    label: 'server metadata',
    matches: ({ endpoint }) => endpoint === 'discovery',
  },
  {
    from: 'client',
    to: 'server',
    label: 'register',
    matches: ({ endpoint, json }) => endpoint === 'register' && json?.client_secret === undefined,
  },
  {
    from: 'browser',
    to: 'server',
    label: 'authorization request, resource',
    matches: ({ endpoint, url }) => endpoint === 'authorize' && url.searchParams.has('resource'),
  },
  {
    from: 'browser',
    to: 'client',
    label: 'code at localhost',
    matches: (one) => hasCode(one) && one.url.searchParams.has('resource'),
  },
  {
    from: 'client',
    to: 'server',
    label: 'code, verifier, resource',
    matches: (one) => isTokenRequest(one) && one.form.has('code_verifier'),
  },
  { from: 'client', to: 'api', label: 'token for this API', matches: (one) => decisionOf(one) === 'ok' },
];

/** What earlier lessons produced, and a free port for the app. */
async function seed(learner: Learner): Promise<void> {
  await seedTokens(learner);
  const { ACCESS_TOKEN = '' } = await learner.values();
  learner.learn({
    OTHER_API_TOKEN: ACCESS_TOKEN,
    DEVICE_CALLBACK: `http://localhost:${await freePort()}/callback`,
  });
}

export const device = lesson({
  id: 'device',
  part: 'D',
  title: 'Apps on the user’s device, and agents',
  minutes: 6,
  story: [
    'A command line tool or an AI agent meets APIs it has never heard of. It can’t ship with a client_id for each of them, so it finds everything out: the API names its metadata, the metadata names the authorization server, and there the app registers itself.',
    'It has no website to come back to, either. It listens on a free port of the user’s machine, here {DEVICE_CALLBACK}, and opens the browser. It’s a public client, so it uses PKCE. Many servers let such an app use any port (RFC 8252 §7.3); this one compares the port too, so the app registers the one it has.',
    'And it says which API the token is for, with the parameter resource. A token for one API is then useless at every other one.',
  ],
  words: [
    {
      word: 'protected resource metadata',
      meaning: 'a JSON document in which an API names its authorization servers (RFC 9728)',
    },
    { word: 'resource indicator', meaning: 'the parameter resource: the API that a token is for (RFC 8707)' },
    {
      word: 'loopback redirect',
      meaning: 'a redirect URI on the user’s own machine, with a port the app listens on (RFC 8252)',
    },
  ],
  about: ['discovery', 'register', 'authorize', 'login', 'decision', 'token'],
  aboutSample: (exchange) => decisionOf(exchange) !== null,
  picture,
  goals,
  exercises,
  mistakes,
  hints: [
    'Start at the API and follow the addresses: each response names the next one. Then it’s the lesson on apps that can’t keep a secret, with one more parameter.',
    'resource_metadata in WWW-Authenticate (RFC 9728 §5.1); authorization_servers in that document; registration_endpoint in the server’s metadata (RFC 8414 §2); resource in the authorization request and in the token request (RFC 8707 §2).',
  ],
  solution,
  seed,
  play: (learner) => learner.sendAll(solution),
  why: [
    'Nothing is configured: the user only names the API. Each step is found in the response to the one before.',
    'Check that “resource” in the metadata is the API you called, and “issuer” the server it named; otherwise anyone could send your app to a server of their own.',
    'A token that is for one API limits the damage when an API, or a tool that an agent was told to use, is malicious.',
  ],
  production:
    'open the system browser rather than an embedded one, close the port after one response, store the registration per server, and never send a token to an API it wasn’t issued for.',
});
