/** The exercise that ends the tutorial: the learner's app against responses that are wrong on purpose. */
import { startApp } from '../../samples/app.js';
import type { Exercise } from '../lesson.js';
import type { Recipe } from '../recipe.js';

/** Reached by `tutorial test-app`, or by the page's button. */
export const APP_TESTED = 'app-tested';

const runTest: Recipe = {
  note: 'with your app running, test it: npx polar-conformance tutorial test-app, which opens this address',
  method: 'GET',
  url: '{APP}',
};

export const appTested: Exercise = {
  id: APP_TESTED,
  text: 'Test your app with five responses that are wrong on purpose; it must reject them all. With the app running: npx polar-conformance tutorial test-app, or the button on the page.',
  requirement: 'authz-state-echo',
  guess: {
    question: 'Which of these can an app not see in the redirect itself?',
    choices: ['A wrong state', 'A wrong nonce', 'An error'],
    answer: 1,
  },
  // The tutorial signs in itself: tutorial/app-test decides, and reports it through `reach`.
  isAttempt: () => false,
  refusedBy: [],
  isExpected: () => false,
  lesson:
    'Your app rejects what an attacker or a broken server would send it. Keep such tests with your app: the sandbox can misbehave in more than 200 ways on purpose.',
  hints: [
    'Start your app, then run the command. Each wrong response that your app accepts is listed with what to check.',
    'In the callback: error first, then state, then iss; after the token request the ID Token’s signature, iss, aud, exp and nonce (OpenID Connect Core §3.1.3.7).',
  ],
  solution: [runTest],
  play: async (learner) => {
    const { ISSUER = '', CLIENT_ID = '', CLIENT_SECRET = '', REDIRECT_URI = '' } = await learner.values();
    const app = await startApp({
      issuer: ISSUER,
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uri: REDIRECT_URI,
    });
    try {
      const { exitCode, message, lines } = await learner.testApp();
      if (exitCode !== 0) throw new Error([message, ...lines.map(({ text }) => text)].join(' '));
    } finally {
      await app.close();
    }
  },
};
