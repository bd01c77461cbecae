/** The page that shows a new personal access token, and caches. */
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { expectSecretNotStored, watchResponses } from '../steps/secret-responses.js';
import { createToken, revokeOnPage } from './configured-tokens.js';

export const noStore = requirement({
  id: 'pat-no-store',
  level: 'MUST',
  profile: 'polar',
  clauses: [rfc(6749, '5.1')],
  needs: ['pat-management', 'user', 'page'],
  statement: "Caches don't store a page that shows a personal access token.",
  how:
    'Creates a token on the settings page. Expects Cache-Control with no-store in each response that has ' +
    "its value, whether it's the page or what its scripts load.",
  hint: 'Send Cache-Control: no-store with every response that has a token.',
  async check(context) {
    const watched: ReturnType<typeof watchResponses>[] = [];
    const made = await createToken(context, (visit) => watched.push(watchResponses(visit)));
    try {
      const responses = (await Promise.all(watched.map((read) => read()))).flat();
      expectSecretNotStored(context.expect, responses, made.entry, made.value, 'a personal access token');
    } finally {
      await revokeOnPage(made);
    }
  },
});
