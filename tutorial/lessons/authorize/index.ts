/** Lesson 4: a user goes to the server, signs in, consents, and comes back with a code. */
import { type Goal, lesson } from '../lesson.js';
import { CODE_FLOW } from '../picture.js';
import { authorize as authorizeStep, seedClient } from '../steps.js';
import { denied, slashAdded } from './exercises.js';
import { requestMistakes } from './mistakes.js';
import { pageMistakes } from './pages.js';
import { redirectMistakes } from './redirects.js';
import { answersGoodRequest, hasCode, isGood } from './request.js';

const requested: Goal = {
  id: 'requested',
  text: 'Send a complete authorization request: response_type, client_id, redirect_uri, a scope with openid, and a random state.',
  requirement: 'authz-story',
  reached: isGood,
};

const consented: Goal = {
  id: 'consented',
  text: 'Sign in on the page that appears, and click Allow.',
  requirement: 'consent-asked',
  reached: (exchange, context) => {
    const { codes, consents } = context.store;
    const code = codes.find(({ value }) => value === exchange.location?.searchParams.get('code'));
    return (
      code !== undefined &&
      consents.some(({ client_id }) => client_id === code.client_id) &&
      answersGoodRequest(exchange, context)
    );
  },
};

const cameBack: Goal = {
  id: 'came-back',
  text: 'Come back to your redirect URI with a code and exactly the state you sent.',
  requirement: 'authz-state-echo',
  reached: (exchange, context) => hasCode(exchange) && answersGoodRequest(exchange, context),
};

export const authorize = lesson({
  id: 'authorize',
  part: 'B',
  title: 'Send a user to consent',
  minutes: 4,
  story: [
    'Your client wants to act for a user. It never sees the password: it sends the user’s browser to the server, where the user signs in and decides.',
    'Sending someone there is just a URL: the authorization endpoint with parameters. They say who is asking (client_id), for what (scope), what should come back (response_type=code) and where to (redirect_uri). state is a random string of yours that comes back unchanged.',
    'Open the URL in a browser and play the user: alice@example.com, password alice-in-the-sandbox. With curl you’d see the sign-in page as HTML source.',
  ],
  words: [
    { word: 'authorization endpoint', meaning: 'the page of the server that users are sent to' },
    { word: 'consent', meaning: 'what a user allows a client to do, on a page of the server' },
    { word: 'code', meaning: 'a short-lived string that proves this user said yes' },
    { word: 'state', meaning: 'ties the response to your request: keep it in the session and compare' },
    { word: 'openid', meaning: 'the scope that asks who signed in (OpenID Connect)' },
  ],
  about: ['authorize', 'login', 'decision'],
  picture: CODE_FLOW,
  goals: [requested, consented, cameBack],
  exercises: [slashAdded, denied],
  mistakes: [...requestMistakes, ...redirectMistakes, ...pageMistakes],
  hints: [
    'It’s one URL, opened in a browser: the authorization endpoint, a question mark, and five parameters joined by &.',
    'response_type=code, client_id, redirect_uri exactly as registered, scope=openid profile, and a random state, each URL-encoded (RFC 6749 §4.1.1; OpenID Connect Core 1.0 §3.1.2.1).',
  ],
  solution: [authorizeStep],
  seed: seedClient,
  play: async (learner) => {
    await learner.open(authorizeStep);
  },
  why: [
    'The password stayed between the user and the server; your client has only a code.',
    'The server compared the redirect URI character by character, so the code can only arrive at your client.',
    'You know that the response answers your request because state came back as you sent it.',
  ],
  production:
    'create a new state for each attempt, keep it in the browser session, and reject a response whose state is different.',
});
