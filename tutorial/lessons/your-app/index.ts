/** The lesson in which the learner's own app does everything. */
import { lesson } from '../lesson.js';
import { appTested } from './app-tested.js';
import { goals } from './goals.js';
import { mistakes } from './mistakes.js';
import { openApp, registerApp, runApp, seedAddress } from './steps.js';

export const yourApp = lesson({
  id: 'your-app',
  part: 'D',
  title: 'Your own app does it all',
  minutes: 5,
  story: [
    'An app sends everything you’ve sent by hand. Bring your own, in any language, with or without a library, or start from ours, which needs only Node: npx polar-conformance tutorial starter DIR writes it into a folder.',
    'The app needs its own client, with a redirect URI on localhost where the app listens. Register one as in lesson 3. The starter reads ISSUER, CLIENT_ID, CLIENT_SECRET and REDIRECT_URI from its environment.',
    'Then open your app in a browser and sign in. Each protection that your app has is ticked off. Whatever is left is your to-do list: the login works without it, which is what an attacker hopes for.',
  ],
  words: [{ word: 'user agent', meaning: 'the program that sends a request; it names itself in a header' }],
  about: ['register', 'authorize', 'login', 'decision', 'token', 'userinfo', 'organizations', 'userBenefits'],
  goals,
  exercises: [appTested],
  mistakes,
  hints: [
    'Register a client for the app, start the app with it, and open the app’s address in a browser.',
    'The app’s authorization request has state, nonce, code_challenge and code_challenge_method=S256. Then it sends the code with code_verifier, a call with the access token, and grant_type=refresh_token.',
  ],
  solution: [registerApp, openApp],
  seed: seedAddress,
  play: runApp,
  why: [
    'That’s all of it: you found the addresses, registered, signed a user in, called the API, refreshed, acted for an organization, and saw each rule stop an attack. Your app now does it on its own.',
    'To see every rule of this server tested, run npx polar-conformance run. Add the URL of another issuer to test that one.',
    'For your app’s own tests, npx polar-conformance sandbox starts just this server, and in Node createSandbox from polar-conformance/sandbox starts it inside a test: a strict identity provider with two users and no network.',
  ],
  production:
    'the same app works with Polar itself: another issuer, a client registered there, https, and a secret that isn’t in your code.',
});
