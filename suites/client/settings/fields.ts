/** What the form of the settings page makes. */
import { createEntry } from '../../../fixtures/browser/settings-page.js';
import type { BrowserPage } from '../../../fixtures/browser/types.js';
import type { Client } from '../../../fixtures/flow/types.js';
import { polarDocs } from '../../clauses.js';
import { type CheckContext, requirement } from '../../requirement.js';
import { demandEndpointWorks } from '../../steps/exchange.js';
import { showSettings } from '../../steps/settings-visit.js';
import {
  formFor,
  freshName,
  isListed,
  learnSecrets,
  listUnnamedIds,
  REDIRECT_URI,
  removeClient,
  settingsUrl,
  settingsVisit,
} from './settings-page.js';

const source = polarDocs('Create an OAuth2 client');
const HTTP_REDIRECT_URI = 'http://app.example.com/settings-callback';

export const settingsFields = requirement({
  id: 'client-settings-fields',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['client-settings', 'user', 'page'],
  statement: 'The settings page creates a client from the documented fields and shows its id and secret.',
  how:
    'Fills in application name, client type (confidential), redirect URI, scopes (openid and the user ' +
    "endpoint's) and homepage. Expects a client id and a secret that exchange a code for those scopes. " +
    'With no name, and with an http redirect URI on a public host, expects no client.',
  hint: 'Store every field of the form, and apply the same rules as for a registration.',
  deadline: 60_000,
  async check(context) {
    const { flow, expect, target } = context;
    const visit = await settingsVisit(context, 'first');
    const name = freshName();
    const scopes = ['openid', ...(target.settings.apiEndpoints?.user?.scope?.split(' ') ?? [])];
    const client = await createdClient(context, visit, name, scopes);
    const answer = await flow.authorize({ client, scope: scopes.join(' '), note: 'with the new client' });
    const code = expect.issuedCode(answer, 'A client with the chosen scopes gets no code for them.');
    const exchange = await flow.exchangeCode(code);
    await demandEndpointWorks(flow, exchange);
    expect.issuedTokens(exchange, 'The secret that the settings page showed does not authenticate.');
    // The authorization may have ended the session of this page.
    await showSettings(visit, settingsUrl(context));
    await removeClient(context, visit, name);
    const misnamed = freshName();
    await showSettings(visit, settingsUrl(context));
    await createEntry(visit, formFor(misnamed, ['openid'], HTTP_REDIRECT_URI));
    expect.that(
      !(await isListed(context, visit, misnamed)),
      'The settings page created a client with an http redirect URI on a public host.',
      { expected: 'a message at the field, and no client', received: 'a client of that name in the list' },
    );
    expect.that(
      !(await isMadeWithoutName(context, visit)),
      'The settings page created a client with no name.',
      {
        expected: 'a message at the field, and no client',
        received: 'a new client in the list',
      },
    );
  },
});

/** Whether a form without a name makes a client, each time that it's sent: other checks may make some meanwhile. */
async function isMadeWithoutName(context: CheckContext, visit: BrowserPage): Promise<boolean> {
  for (const _try of ['first', 'second']) {
    const before = new Set(await listUnnamedIds(context, visit));
    await createEntry(visit, formFor('', ['openid']));
    const after = await listUnnamedIds(context, visit);
    if (after.every((id) => before.has(id))) return false;
  }
  return true;
}

/** Fills the form of the page that is shown, and takes id and secret from what comes. */
async function createdClient(
  context: CheckContext,
  visit: BrowserPage,
  name: string,
  scopes: readonly string[],
): Promise<Client> {
  const made = await createEntry(visit, formFor(name, scopes));
  const list = await visit.goto(settingsUrl(context));
  const [id] = learnSecrets(context, made, list.html);
  const secret = made.newWords.find((word) => word !== id && !list.html.includes(word));
  context.expect.that(
    id !== undefined && secret !== undefined,
    'The settings page shows no id and secret of the new client.',
    {
      expected: 'a client id, which the list has too, and a client secret, which it does not have',
      received: `${made.newWords.length} new values on the page`,
    },
  );
  return {
    client_id: id ?? '',
    client_secret: secret ?? null,
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uri: REDIRECT_URI,
    redirect_uris: [REDIRECT_URI],
    scope: scopes.join(' '),
    registration: null,
  };
}
