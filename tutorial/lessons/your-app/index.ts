/** Lesson 12: an app does it all, and the learner looks on. */
import { lesson } from '../lesson.js';
import { goals } from './flow.js';
import { mistakes } from './mistakes.js';
import { openApp, registerApp, runApp, seedAddress } from './steps.js';

export const yourApp = lesson({
  id: 'your-app',
  part: 'D',
  title: 'Your own app does it all',
  minutes: 5,
  story: [
    'Everything that you have sent by hand, an app sends by itself. Bring your own, in any language, with or without a library; or take the starter, which needs nothing but Node.',
    'It needs a client of its own, whose redirect URI is an address at which the app listens on localhost. Register one as in lesson 3; the starter reads ISSUER, CLIENT_ID, CLIENT_SECRET and REDIRECT_URI from its environment.',
    'Then open your app in a browser and sign in. Each protection that it has is ticked off on its own. What is left at the end is your list of things to do: the login works without, and an attacker is glad of it.',
  ],
  words: [{ word: 'user agent', meaning: 'the program that sends a request; it names itself in a header' }],
  about: ['register', 'authorize', 'login', 'decision', 'token', 'userinfo', 'organizations', 'userBenefits'],
  goals,
  breaks: [],
  mistakes,
  hints: [
    'Register a client for the app, start the app with it, and open the app’s address in a browser.',
    'The authorization request of the app has state, nonce, code_challenge and code_challenge_method=S256; then come the code with code_verifier, a call with the access token, and grant_type=refresh_token.',
  ],
  solution: [registerApp, openApp],
  seed: seedAddress,
  play: runApp,
  why: [
    'That is all of it: you have found the addresses, registered, signed a user in, called, refreshed, acted for an organization, and seen each rule refuse an attack. Your app now does it alone.',
    'To see every rule of this server judged in the same way, run npx polar-conformance run; with the URL of another issuer behind it, it judges that one.',
    'For the tests of your app, npx polar-conformance sandbox starts this server alone, and in Node createSandbox from polar-conformance/sandbox does so inside a test: a strict identity provider with two users and no network.',
  ],
  production:
    'the same app works with Polar itself: another issuer, a client that is registered there, https, and a secret that stands in no file of the code.',
});
