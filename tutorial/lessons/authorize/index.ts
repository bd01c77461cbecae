/** Lesson 4: a user is sent to the server, signs in, consents, and comes back with a code. */
import { type Goal, lesson } from '../lesson.js';
import { authorize as authorizeStep, seedClient } from '../steps.js';
import { answersGoodRequest, hasCode, isGood } from './asked.js';
import { denied, slashAdded } from './breaks.js';
import { requestMistakes } from './mistakes.js';
import { pageMistakes } from './pages.js';
import { redirectMistakes } from './redirects.js';

const requested: Goal = {
  id: 'requested',
  text: 'Send a good authorization request: response_type, client_id, redirect_uri, scope with openid, random state.',
  requirement: 'authz-story',
  reached: isGood,
};

const consented: Goal = {
  id: 'consented',
  text: 'Sign in on the page that appears, and allow.',
  requirement: 'consent-asked',
  reached: (exchange, scene) => {
    const { codes, consents } = scene.store;
    const code = codes.find(({ value }) => value === exchange.location?.searchParams.get('code'));
    return (
      code !== undefined &&
      consents.some(({ client_id }) => client_id === code.client_id) &&
      answersGoodRequest(exchange, scene)
    );
  },
};

const cameBack: Goal = {
  id: 'came-back',
  text: 'Come back to your redirect URI with a code and the very state that you sent.',
  requirement: 'authz-state-echo',
  reached: (exchange, scene) => hasCode(exchange) && answersGoodRequest(exchange, scene),
};

export const authorize = lesson({
  id: 'authorize',
  part: 'B',
  title: 'Send a user to consent',
  minutes: 4,
  story: [
    'Your client wants to act for a user. It never sees their password: it sends their browser to the server, where they sign in and decide.',
    'Sending is nothing but a URL: the authorization endpoint with parameters. They say who asks (client_id), for what (scope), what is to come back (response_type=code) and where to (redirect_uri). state is a random text of yours that comes back unchanged.',
    'Open the URL in a browser and be the user: alice@example.com, with the password alice-in-the-sandbox. With curl you would see the login page as text.',
  ],
  words: [
    { word: 'authorization endpoint', meaning: 'the page of the server to which users are sent' },
    { word: 'consent', meaning: 'what a user allows a client, on a page of the server' },
    { word: 'code', meaning: 'a short-lived text that says: this user has allowed it' },
    { word: 'state', meaning: 'ties the answer to your request: keep it in the session and compare' },
    { word: 'openid', meaning: 'the scope by which a client asks who signed in (OpenID Connect)' },
  ],
  about: ['authorize', 'login', 'decision'],
  goals: [requested, consented, cameBack],
  breaks: [slashAdded, denied],
  mistakes: [...requestMistakes, ...redirectMistakes, ...pageMistakes],
  hints: [
    'It is one URL, opened in a browser: the authorization endpoint, a question mark, and five parameters joined by &.',
    'response_type=code, client_id, redirect_uri exactly as registered, scope=openid profile, and a random state, each URL-encoded (RFC 6749 §4.1.1; OpenID Connect Core 1.0 §3.1.2.1).',
  ],
  solution: [authorizeStep],
  seed: seedClient,
  play: async (learner) => {
    await learner.open(authorizeStep);
  },
  why: [
    'The password stayed between the user and the server; your client has only a code.',
    'The redirect URI was compared character by character, so the code can only arrive at your client.',
    'You know that the answer is yours because state came back as you sent it.',
  ],
  production:
    'make a new state for each attempt, keep it in the session of the browser, and refuse an answer whose state differs.',
});
