/** Lesson 4, what a user may do differently on the server's pages. */
import type { Mistake } from '../lesson.js';
import { authorize } from '../steps.js';
import { hasCode } from './request.js';

const wrongPassword: Mistake = {
  id: 'wrong-password',
  requirement: 'consent-wrong-password',
  find: ({ endpoint, rule }) =>
    endpoint === 'login' && rule === 'passwordMatches'
      ? {
          message:
            'Wrong email or password. Sign in as alice@example.com with the password alice-in-the-sandbox.',
        }
      : null,
  play: async (learner) => {
    const page = await learner.send(authorize);
    const [cookie = ''] = page.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    const form_token = /name="form_token" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    await learner.send({
      note: 'sign in',
      method: 'POST',
      url: '{ISSUER}/oauth2/login',
      headers: { cookie },
      form: { form_token, username: 'alice@example.com', password: 'a-guess' },
    });
  },
};

const denied: Mistake = {
  id: 'denied',
  requirement: 'consent-deny',
  find: ({ endpoint, error }) =>
    endpoint === 'decision' && error === 'access_denied'
      ? {
          message:
            'You denied the request, so your redirect URI received error=access_denied and no code. Open the authorization URL again and click Allow.',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorize, { query: { prompt: 'consent' }, decision: { answer: 'deny' } });
  },
};

/** In the exercise on denying: a user can't deny what the server doesn't ask. */
const nobodyAsked: Mistake = {
  id: 'nobody-asked',
  requirement: 'authz-prompt-consent',
  find: (exchange, { reached }) =>
    exchange.endpoint === 'authorize' &&
    hasCode(exchange) &&
    reached.has('came-back') &&
    !reached.has('denied-by-user')
      ? {
          message:
            'You’ve allowed this before, so the server didn’t ask: it sent a new code right away. Add prompt=consent to see the consent page again.',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorize);
    await learner.open(authorize);
  },
};

export const pageMistakes: readonly Mistake[] = [wrongPassword, denied, nobodyAsked];
