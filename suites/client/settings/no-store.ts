/** The page that shows the secret of a new client, and caches. */
import { createEntry, removeEntry } from '../../../fixtures/browser/settings-page.js';
import { NotTested } from '../../../fixtures/verdict.js';
import { rfc } from '../../clauses.js';
import { requirement } from '../../requirement.js';
import { expectSecretNotStored, watchResponses } from '../../steps/secret-responses.js';
import { formFor, freshName, learnSecrets, settingsUrl, settingsVisit } from './settings-page.js';

export const settingsNoStore = requirement({
  id: 'client-settings-no-store',
  level: 'MUST',
  profile: 'polar',
  clauses: [rfc(6749, '5.1')],
  needs: ['client-settings', 'user', 'page'],
  statement: "Caches don't store a page that shows a client secret.",
  how:
    'Creates a confidential client on the settings page. Expects Cache-Control with no-store in each ' +
    "response that has its secret, whether it's the page or what its scripts load.",
  hint: 'Send Cache-Control: no-store with every response that has a secret.',
  async check(context) {
    const visit = await settingsVisit(context, 'first');
    const name = freshName();
    const watched = watchResponses(visit);
    const made = await createEntry(visit, formFor(name, ['openid']));
    const responses = await watched();
    const list = await visit.goto(settingsUrl(context));
    const ids = learnSecrets(context, made, list.html);
    const secret = made.newWords.find((word) => !ids.includes(word));
    try {
      if (secret === undefined) throw new NotTested('The settings page shows no secret of the new client.');
      expectSecretNotStored(context.expect, responses, made, secret, 'a client secret');
    } finally {
      if (list.html.includes(name)) await removeEntry(visit, name);
    }
  },
});
