/** A client reads its own record, and nobody else does (RFC 7592 section 2.1). */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { readRegistration } from '../../fixtures/flow/client-management.js';
import type { Client } from '../../fixtures/flow/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { ALTERATIONS } from '../steps/alterations.js';
import { hasClient } from '../steps/registration.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { demandOperationOffered, ManagedClient, sortValues, uniqueName } from './managed-client.js';

const LISTS = ['redirect_uris', 'grant_types', 'response_types'] as const;
const STRINGS = ['client_name', 'token_endpoint_auth_method', 'scope'] as const;

export const clientRead = requirement({
  id: 'client-read',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7592, '2.1'), rfc(7592, '2'), rfc(6750, '3')],
  needs: ['registration', 'client-management'],
  statement: "Only the bearer of a client's registration access token can read that client's record.",
  how:
    'Registers a client and reads its registration_client_uri with the registration_access_token. Expects ' +
    '200, application/json, the client_id, and what the registration response said. Then tries no token, a ' +
    "made-up one, its own with small changes, the client's own access token and another client's registration token: each gets a " +
    "status from 400 to 499, and none of the client's name, secret or token. client-management-refused " +
    'judges which status is right. Not applicable if there is no registration_client_uri, or if the first ' +
    'read gets 403, 405 or 501.',
  hint: 'Compare the token with the one issued for the client that the path names.',
  async check(context) {
    const { flow, expect, alter } = context;
    const mine = await ManagedClient.register(flow, { client_name: uniqueName() });
    const answer = await mine.read('with its registration access token');
    demandOperationOffered(answer, 'read their records');
    judgeRecord(context, expect.jsonObject(answer, "a client's record, read with its token,"), mine.client);

    await demandHidden(context, mine, null, 'without a token');
    await demandHidden(context, mine, alter(mine.management.token, 'random'), 'with a made-up token');
    for (const { what, apply } of ALTERATIONS)
      await demandHidden(
        context,
        mine,
        apply(mine.management.token, context),
        `with a copy of its token ${what}`,
      );
    const tokens = await nullOn(isUnavailable, () => flow.tokens({ client: mine.client }));
    if (tokens !== null)
      await demandHidden(context, mine, tokens.access_token, "with the client's own access token");
    await demandReadable(mine, 'The right token');

    const other = await ManagedClient.register(flow, { client_name: uniqueName() });
    await demandReadable(other, 'The token of a second client');
    // Last, since a server may withdraw a token that is tried on another client.
    await demandHidden(context, mine, other.management.token, 'with the token of another client');
  },
});

/** All registered metadata is returned (RFC 7592 section 2.1): what the registration response had, as it was. */
function judgeRecord(
  { expect }: CheckContext,
  record: Readonly<Record<string, unknown>>,
  { client_id, registration }: Client,
): void {
  expect.same(record.client_id, client_id, 'The record that was read is that of another client.');
  const before = registration?.object() ?? {};
  for (const name of [...LISTS, ...STRINGS]) {
    if ((before[name] ?? null) === null) continue;
    const [expected, received] = [before[name], record[name]].map(sortValues);
    expect.that(
      received === expected,
      `The record that was read has a different ${name} from the one registered.`,
      {
        expected: `${name} ${expected}`,
        received: received === undefined ? `no ${name}` : `${name} ${received}`,
      },
    );
  }
}

async function demandHidden(
  { flow, expect }: CheckContext,
  { client, management }: ManagedClient,
  token: string | null,
  how: string,
): Promise<void> {
  const answer = await readRegistration(flow, management.uri, token, how);
  const name = client.registration?.string('client_name') ?? null;
  const shown = [
    ['name', name],
    ['secret', client.client_secret],
    ['registration access token', management.token],
  ].find(([, value]) => value && answer.response.body.includes(value));
  expect.that(shown === undefined, `A client's ${shown?.[0]} was shown to a request ${how}.`, {
    expected: 'status 401, and nothing about the client',
    received: describeExchange(answer),
  });
  expect.clientError(answer, `A request for a client's record ${how} was not refused.`);
}

/** The control of a refusal: this token reads what it is for. */
async function demandReadable(client: ManagedClient, what: string): Promise<void> {
  const answer = await client.read('the control: its own record');
  if (hasClient(answer)) return;
  throw new NotTested(
    `${what} did not read its own client's record (${describeExchange(answer)}), so refusals may have another cause.`,
  );
}
