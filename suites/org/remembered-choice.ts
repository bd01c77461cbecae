/** What was allowed for one organization says nothing about another. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOptions } from '../../fixtures/flow/types.js';
import { polarDocs } from '../clauses.js';
import { requirement } from '../requirement.js';
import { useFresh } from '../steps/fresh-tokens.js';
import {
  demandOrganizationShown,
  fetchOrganization,
  organizationClient,
  organizationRequest,
  showsOrganization,
  twoOrganizations,
} from './organizations.js';

export const consentNarrow = requirement({
  id: 'org-consent-narrow',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('User VS Organization access tokens')],
  needs: ['organization', 'user', 'page', 'api-org-endpoint'],
  statement: 'Consent for one organization never covers another.',
  how:
    'The user belongs to two organizations and allows a client for the first, whose token shows the first. ' +
    'Then sends the same request again, and once more with prompt=none, and answers no page. Expects a ' +
    "page, an error, or a code whose token doesn't show the second organization.",
  hint: "Store with the consent which organization it's for, and ask again for every other one.",
  async check({ flow, expect, target, remark }) {
    const [own, other] = twoOrganizations(target);
    const client = await organizationClient(flow);
    const first = await flow.organizationTokens(own.name, { client });
    const shown = await fetchOrganization(flow, first.access_token, own, 'its own organization');
    demandOrganizationShown(shown, own, 'The token for the first organization', 'organizationTokens');
    for (const [what, params] of [
      ['The same request again', {}],
      ['The same request with prompt=none', { prompt: 'none' }],
    ] as const) {
      const options: AuthorizationOptions = { params, decide: 'stop', note: what.toLowerCase() };
      const answer = await flow.authorize(organizationRequest(flow, client, null, options));
      const code = readCode(answer);
      remark(`${what} ended at ${describeOutcome(answer)}.`);
      if (code === null) continue;
      const exchange = await flow.exchangeCode(code, { note: 'what was granted without a page' });
      const token = exchange.string('access_token');
      if (token === null) continue;
      // Before the server has stored the token, its refusal of the other organization would say nothing.
      await useFresh(() =>
        flow.callApi('organization', token, { organization: own.id, note: 'the first one' }),
      );
      const beyond = await flow.callApi('organization', token, {
        organization: other.id,
        note: 'the other organization, which was not allowed',
      });
      expect.that(
        !showsOrganization(beyond, other),
        `Without a page, ${what.toLowerCase()} gave a token that shows ${other.name}, which the user had not allowed.`,
        {
          expected: 'a page, an error, or a token for the first organization alone',
          received: `status ${beyond.status}, with ${other.name}`,
          exchange: beyond,
        },
      );
    }
  },
});
