/** Lesson 4, what a user may do otherwise on the pages of the server. */
import type { Mistake } from '../lesson.js';
import { authorize } from '../steps.js';
import { hasCode } from './asked.js';

const wrongPassword: Mistake = {
  id: 'wrong-password',
  requirement: 'consent-wrong-password',
  find: ({ endpoint, rule }) =>
    endpoint === 'login' && rule === 'passwordMatches'
      ? {
          message:
            'The sandbox does not know this name with this password. Its first user is alice@example.com, with the password alice-in-the-sandbox.',
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
            'You have denied. Your redirect URI got error=access_denied, and no code. Open the authorization URL again and allow.',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorize, { query: { prompt: 'consent' }, decision: { answer: 'deny' } });
  },
};

/** In the exercise on denying: nobody can deny what is not asked. */
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
            'You have allowed this before, so nobody was asked: a new code came at once. Add prompt=consent to be asked again.',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorize);
    await learner.open(authorize);
  },
};

export const pageMistakes: readonly Mistake[] = [wrongPassword, denied, nobodyAsked];
