/** Lesson 11: the learner as the attacker, on this machine alone, to see what each rule is for. */
import { lesson } from '../lesson.js';
import { exercises, injected } from './exercises.js';
import { isAtVictim } from './matchers.js';
import { mistakes } from './mistakes.js';
import { inject, seedAttack } from './steps.js';

export const attack = lesson({
  id: 'attack',
  part: 'D',
  title: 'Attack, and see why the rules exist',
  minutes: 6,
  story: [
    'Now you are the attacker. The victim is an app at /victim on the tutorial’s own server: a client like yours, with a “Sign in with Polar” link. Everything here stays on this machine, and addresses elsewhere are not counted.',
    'You have begun a login at that app as alice and stopped your browser before it came back. So you hold a code that was issued to the victim’s app, and for your own account.',
    'Make another browser bring this code to the app: open its callback with your code, and without state, with curl or in your browser. Whoever owns that browser then works in your account without knowing, and what they type or pay there, you can read. The other attacks follow, and each of them must fail.',
  ],
  words: [
    {
      word: 'login CSRF',
      meaning: 'signing somebody else’s browser in to the attacker’s account (cross-site request forgery)',
    },
    { word: 'code injection', meaning: 'bringing a code to an app that has not asked for it' },
  ],
  about: ['authorize', 'login', 'decision', 'token'],
  aboutSample: isAtVictim,
  goals: [injected],
  exercises,
  mistakes,
  hints: [
    'It is one GET of the callback of the victim’s app, as if the authorization server had sent the browser there.',
    'The callback is /victim/callback on the tutorial’s server; its query has code, your own one, and no state.',
  ],
  solution: [inject],
  seed: seedAttack,
  play: async (learner) => {
    await learner.send(inject);
  },
  why: [
    'state ties the answer to the browser that asked; PKCE ties the code to whoever asked; the exact redirect_uri ties it to the place.',
    'A link in a mail is enough for these attacks: the victim does nothing wrong.',
    'The server can do only its half. That state is compared and the verifier kept is your app’s part.',
  ],
  production:
    'use a library that does all three by default, and test that your callback refuses a code that it has not asked for.',
});
