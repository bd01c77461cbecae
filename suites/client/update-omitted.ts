/** What an update deletes by leaving it out (RFC 7592 section 2.2). */
import { describeExchange, quote } from '../../fixtures/expect/describe.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { hasClient } from '../steps/registration.js';
import { demandUpdated, ManagedClient } from './managed-client.js';

const OPTIONAL = ['tos_uri', 'policy_uri', 'logo_uri', 'client_uri'] as const;

export const updateOmitted = requirement({
  id: 'client-update-omitted',
  level: 'SHOULD',
  levelReason:
    "Omitted members MUST be treated as null, and null MAY be ignored. Together that's no more than a " +
    'SHOULD.',
  profile: 'oauth',
  clauses: [rfc(7592, '2.2')],
  needs: ['registration', 'client-management'],
  statement: 'An update deletes what it leaves out, and puts nothing in its place.',
  how:
    'Registers a client with tos_uri, policy_uri, logo_uri and client_uri. Updates the record without each ' +
    'of them, then with each as null. Expects it to be gone from the record. Then updates without scope ' +
    "and with scope null, and expects no scope that wasn't there before. Remarks on a refused update, " +
    'because a server may need the member. Not applicable if the server returns none of these members.',
  hint: 'Have an update replace the whole record. If it leaves out scope, grant no more than before.',
  async check(context) {
    const { flow } = context;
    const mine = await ManagedClient.register(flow, { scope: flow.minimalScope || null });
    const record = await mine.record('the record before the updates');
    const names = OPTIONAL.filter((name) => typeof record[name] === 'string');
    if (names.length === 0) throw new NotApplicable(`The server returns none of ${OPTIONAL.join(', ')}.`);
    demandUpdated(await mine.update(record, {}, 'the control request: the record as it is'));
    for (const name of names) {
      await omit(context, mine, record, name, (after, how) =>
        context.expect.that((after[name] ?? '') === '', `A client keeps ${name}, which an update ${how}.`, {
          expected: `no ${name}`,
          received: quote(after[name]),
        }),
      );
    }
    const { scope: before } = record;
    if (typeof before !== 'string') return;
    await omit(context, mine, record, 'scope', ({ scope }, how) => {
      const had = parseScopes(before);
      const more = [...parseScopes(typeof scope === 'string' ? scope : '')].filter(
        (value) => !had.has(value),
      );
      const without = how === 'left out' ? 'without scope' : 'with scope null';
      const message = `An update ${without} gave the client scopes that it did not have.`;
      context.expect.that(more.length === 0, message, {
        expected: `no more than ${before}`,
        received: `also ${more.slice(0, 5).join(' ')}`,
      });
    });
  },
});

type Members = Readonly<Record<string, unknown>>;
type How = 'left out' | 'sent as null';

/** Judges the record after an update that leaves a member out, and after one that sends it as null. */
async function omit(
  { remark }: CheckContext,
  mine: ManagedClient,
  record: Members,
  name: string,
  judge: (after: Members, how: How) => void,
): Promise<void> {
  const without = Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  for (const [how, changes] of [
    ['left out', {}],
    ['sent as null', { [name]: null }],
  ] as const) {
    const answer = await mine.update(without, changes, `${name} ${how}`);
    if (!hasClient(answer)) remark(`${name} ${how}: ${describeExchange(answer)}.`);
    else judge(await mine.record(`the record after ${name} was ${how}`), how);
    demandUpdated(await mine.update(record, {}, 'the record as it was'));
  }
}
