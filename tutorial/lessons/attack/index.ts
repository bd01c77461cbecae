/** The learner plays the attacker, on this machine only, to see what each rule is for. */
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
    'Now you’re the attacker. The victim is an app at {VICTIM}: a client like yours, with a “Sign in with Polar” link. Everything here stays on this machine; other addresses don’t count.',
    'You started signing in to that app as Alice and stopped your browser before it came back. So you have a code, CODE, that was issued to the victim’s app for your own account.',
    'Make another browser bring this code to the app: open its callback, {VICTIM_CALLBACK}, with your code and no state, with curl or in your browser. The owner of that browser then works in your account without knowing it, and you can read whatever they enter there. More attacks follow, and each of them must fail.',
  ],
  words: [
    {
      word: 'login CSRF',
      meaning: 'signing someone else’s browser in to the attacker’s account (cross-site request forgery)',
    },
    { word: 'code injection', meaning: 'bringing a code to an app that didn’t ask for it' },
  ],
  about: ['authorize', 'login', 'decision', 'token'],
  aboutSample: isAtVictim,
  goals: [injected],
  exercises,
  mistakes,
  hints: [
    'It’s one GET of the victim’s callback, as if the authorization server had sent the browser there.',
    'The callback is /victim/callback on the tutorial’s server; its query has your own code and no state.',
  ],
  solution: [inject],
  seed: seedAttack,
  play: async (learner) => {
    await learner.send(inject);
  },
  why: [
    'state ties the response to the browser that asked; PKCE ties the code to the app that asked; the exact redirect_uri ties it to the place.',
    'A link in an email is enough for these attacks: the victim does nothing wrong.',
    'The server can only do its half. Comparing state and keeping the verifier is your app’s job.',
  ],
  production:
    'use a library that does all three by default, and test that your callback rejects a code it didn’t ask for.',
});
