/** Whom the ID Token is about: the same user has the same sub each time, and nobody else has it. */
import { describeOutcome, quote } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';
import { isUnavailable, nullOn } from '../steps/signals.js';

const LONGEST_SUB = 255;

export const sub = requirement({
  id: 'idtoken-sub',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('8')],
  needs: ['client', 'user'],
  statement: 'sub is a stable ASCII identifier of at most 255 characters.',
  how:
    'Expects a string of 1 to 255 ASCII characters, the same in two sign-ins of one user at one client (in ' +
    'two grants of one session if no password is known). If a second user is configured, expects that ' +
    "user's sub to differ. " +
    'If the document lists only the subject type public, expects the same sub at another client.',
  hint: 'Take sub from an account identifier that never changes and is never reassigned.',
  async check(context) {
    const { flow, expect, remark } = context;
    const first = await readSub(flow);
    const isAscii = typeof first === 'string' && /^[\0-\x7f]+$/.test(first);
    expect.that(
      isAscii && first.length <= LONGEST_SUB,
      'sub is not an ASCII string of at most 255 characters.',
      {
        expected: 'a string of 1 to 255 ASCII characters',
        received: quote(first),
      },
    );
    const again = (await readSubOfNewSignIn(context)) ?? (await readSub(flow));
    expect.same(again, first, "The user's sub changes from one sign-in to the next.");
    await judgeAtOtherClient(context, first);
    await demandSignInNeeded(context);
    if (!flow.hasUser('second')) {
      remark('No second user is configured, so only the stability of sub was looked at.');
      return;
    }
    const other = flow.decodeIdToken(await flow.tokens({ as: 'second' })).claims.sub;
    expect.that(other !== first, 'Two users have the same sub.', {
      expected: 'different values',
      received: `${quote(other)} for both`,
    });
  },
});

/** A subject type of public gives the same sub to all clients (section 8); with pairwise it may differ. */
async function judgeAtOtherClient({ flow, expect }: CheckContext, first: unknown): Promise<void> {
  const types = flow.supportedValues('subject_types_supported') ?? [];
  if (types.length === 0 || types.some((type) => type !== 'public')) return;
  for (const which of ['second', 'public'] as const) {
    const tokens = await nullOn(isUnavailable, async () => flow.tokens({ client: await flow.client(which) }));
    if (tokens === null || tokens.id_token === null) continue;
    const { sub: other } = flow.decodeIdToken(tokens).claims;
    const message = 'A user has another sub at another client, though the server has public subjects alone.';
    expect.same(other, first, message, tokens.exchange);
    return;
  }
}

/** Where nobody ever signs in, no two users are told apart. Blocked by consent-login-first, if that is judged. */
async function demandSignInNeeded({ flow, target }: CheckContext): Promise<void> {
  const note = 'the control: a browser without a session';
  const answer = await flow.authorize({ as: 'nobody', params: { prompt: 'none' }, note });
  if (readCode(answer) === null) return;
  const reason = "Someone who did not sign in gets a code, so the server can't tell users apart.";
  if (target.settings.login?.page === false) throw new NotTested(reason);
  throw new Blocked('login', reason);
}

async function readSub(flow: Flow): Promise<unknown> {
  return flow.decodeIdToken(await flow.tokens()).claims.sub;
}

/** The sub after another sign-in in a browser without cookies; null, with a remark, where that cannot be done. */
async function readSubOfNewSignIn({ flow, users, remark }: CheckContext): Promise<unknown> {
  const inOneSession = (why: string) => {
    remark(`Both grants came from one session, because the user could not sign in again: ${why}`);
    return null;
  };
  try {
    users.credentials('first');
    const visit = await users.newPage('nobody');
    const answer = await continueToRedirect(
      visit,
      await visit.openAuthorization({ note: 'signing in again' }),
    );
    const code = readCode(answer);
    if (code === null) return inOneSession(`it ended at ${describeOutcome(answer)}.`);
    const tokens = readTokens(code, await flow.exchangeCode(code));
    return flow.decodeIdToken(tokens).claims.sub ?? 'no sub';
  } catch (signal) {
    if (signal instanceof NotTested) return inOneSession(signal.message);
    throw signal;
  }
}
