/** The redirect URI is compared as a string: path, query and origin (RFC 9700 section 2.1). */
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { publicClientIfOffered } from '../steps/clients.js';
import { type AlteredUri, withOtherOrigin, withOtherPath, withOtherQuery } from './altered-uris.js';
import { clientWithRedirectUris } from './clients.js';
import {
  type Attempt,
  applyMode,
  expectNeverAnswered,
  findAnsweringModes,
  WHAT_IS_AN_ANSWER,
} from './never-answered.js';

const attempts = (altered: readonly AlteredUri[]): readonly Attempt[] =>
  altered.map(({ uri, what }) => ({ what, options: { redirect_uri: uri } }));

export const redirectExactPath = requirement({
  id: 'authz-redirect-exact-path',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1'), oidcCore('3.1.2.1')],
  needs: ['client'],
  statement: 'The path of redirect_uri has to match exactly.',
  how:
    'The registered URI gets an answer. Then sends it with a slash at the end, with another segment, ' +
    'without its last character, in capitals, with /../evil, with a percent-encoded letter, and with an ' +
    'encoded traversal. Expects no answer there, and no code at the registered URI either. ' +
    `${WHAT_IS_AN_ANSWER}` +
    ' A public client tries a further segment.',
  hint: 'Compare the strings as they are, with no normalizing and no prefixes.',
  async check(context) {
    const client = await context.flow.client();
    await expectNeverAnswered(context, client, attempts(withOtherPath(client.redirect_uri)));
    const open = await publicClientIfOffered(context);
    if (open === null || open.client_id === client.client_id) return;
    const [further] = withOtherPath(open.redirect_uri);
    if (further === undefined) return;
    const what = further.what.replace('a request', "a public client's request");
    await expectNeverAnswered(context, open, [{ what, options: { redirect_uri: further.uri } }]);
  },
});

export const redirectExactQuery = requirement({
  id: 'authz-redirect-exact-query',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1'), oidcCore('3.1.2.1')],
  needs: ['client'],
  statement: 'The query of redirect_uri has to match exactly.',
  how:
    'Registers a URI with no query and, if the server accepts it, one with ?a=1; both get an answer. Then ' +
    'sends the first with ?x=1, and the second with no query, with ?a=2 and with &x=1. Expects no answer ' +
    'there, and none that carries x=1. With a client of the target file, tries only the addition. ' +
    `${WHAT_IS_AN_ANSWER}` +
    ' Also tries the registered parameters in another order.',
  hint: 'Compare the whole string, including the query.',
  async check(context) {
    const { flow } = context;
    const own = await clientWithRedirectUris(flow, (uri) => [uri, `${uri}/query?a=1&b=2`]);
    const client = own ?? (await flow.client());
    const unanswered: string[] = [];
    for (const uri of client.redirect_uris) {
      if (uri !== client.redirect_uri && !(await isAnswered(flow, client, uri))) unanswered.push(uri);
      else
        await expectNeverAnswered(
          context,
          client,
          attempts(withOtherQuery(uri, client.registration !== null)),
        );
    }
    if (unanswered.length === 0) return;
    throw new NotTested(
      `The registered redirect URI ${unanswered[0]} is not answered, so its refusal with another query shows nothing.`,
    );
  },
});

async function isAnswered(flow: Flow, client: Client, redirect_uri: string): Promise<boolean> {
  const [mode] = await findAnsweringModes(flow, client);
  const note = 'the control: the registered URI with its query';
  const answer = await flow.authorize(applyMode(mode, { client, redirect_uri, note }));
  return answer.kind === 'redirected';
}

export const redirectExactOrigin = requirement({
  id: 'authz-redirect-exact-origin',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1'), oidcCore('3.1.2.1')],
  needs: ['client'],
  statement: 'The scheme, host and port of redirect_uri have to match exactly.',
  how:
    'The registered URI gets an answer. Then sends it with http instead of https, on a subdomain, with the ' +
    "host as the start of another, with port 8443, and with the host as another one's user name. Expects " +
    "no answer there. Doesn't change ports of loopback hosts, which RFC 8252 lets a server ignore. " +
    `${WHAT_IS_AN_ANSWER}` +
    ' Also tries another letter in place of a dot in the host.',
  hint: 'Compare the strings as they are. A host that contains the registered one is another host.',
  async check(context) {
    const client = await context.flow.client();
    const altered = withOtherOrigin(client.redirect_uri);
    if (altered.length === 0) {
      throw new NotTested("The client's redirect URI has no host to change.");
    }
    await expectNeverAnswered(context, client, attempts(altered));
  },
});
