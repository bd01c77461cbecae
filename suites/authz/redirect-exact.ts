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
  statement: 'The path of redirect_uri is compared exactly.',
  how:
    'The registered URI is answered. Then, in its place: with a slash at the end, with a further segment, without the last ' +
    'character, in capitals, with /../evil, with a percent-encoded letter and with an encoded traversal; for a public client ' +
    'with a further segment. None is answered, neither as sent nor as a browser resolves it, and no code arrives at the ' +
    `registered URI either. ${WHAT_IS_AN_ANSWER}`,
  hint: 'Compare the strings as they are, without normalizing and without prefixes.',
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
  statement: 'Query parameters added to or changed in a registered redirect URI break the match.',
  how:
    'Registered are a URI without query and, where the server takes it, one with ?a=1&b=2; both are answered. Then the first ' +
    'with ?x=1 added, and the second without query, with a=2, with its parameters in another order and with &x=1 added: none is answered. With a configured ' +
    `client only the addition is tried. An answer that carries our x=1 counts. ${WHAT_IS_AN_ANSWER}`,
  hint: 'Compare the whole string, the query included.',
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
  statement: 'Scheme, host and port of redirect_uri are compared exactly.',
  how:
    'The registered URI is answered. Then, in its place: with http for https, a subdomain, another letter for a dot of the host, ' +
    'the host as the beginning of another, the port 8443, and the host as user name of another: none is answered. Ports of loopback hosts are not varied, ' +
    `since RFC 8252 lets a server ignore them. ${WHAT_IS_AN_ANSWER}`,
  hint: 'Compare the strings as they are; a host that merely contains the registered one is another host.',
  async check(context) {
    const client = await context.flow.client();
    const altered = withOtherOrigin(client.redirect_uri);
    if (altered.length === 0) {
      throw new NotTested('The redirect URI of the client has no host that could be varied.');
    }
    await expectNeverAnswered(context, client, attempts(altered));
  },
});
