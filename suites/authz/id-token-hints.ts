/** id_token_hint: the user who is signed in is answered as without it, and another user isn't. */

import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { AuthorizationOptions, AuthorizationOutcome, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';
import { findIdTokenError } from '../steps/strict-id-token.js';

export const idTokenHintOwn = requirement({
  id: 'authz-id-token-hint-own',
  level: 'MUST',
  levelReason:
    'No keyword: "then the Authorization Server returns a positive response". Silent renewal depends on it.',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.2')],
  needs: ['user', 'client'],
  statement: 'A request whose id_token_hint names the signed-in user is answered.',
  how:
    'A signed-in user allows a client and gets an ID Token; prompt=none with no hint gets a code (if not, ' +
    'the server never answers silently: not tested). Sends that ID Token as id_token_hint, with ' +
    'prompt=none and with no prompt. Expects a code. Sends long hints by POST.',
  hint: 'Accept your own ID Token as a hint, even if it has expired or was issued to another client.',
  async check({ flow, expect }) {
    const tokens = await flow.tokens({ note: 'the user allows' });
    const { compact } = flow.decodeIdToken(tokens);
    const silent = { params: { prompt: 'none' }, decide: 'stop' } as const;
    const control = await flow.authorize({ ...silent, note: 'the control: prompt=none without a hint' });
    if (findCodeInQuery(control) === null) {
      throw new NotTested(`Without a hint prompt=none ended at ${describeOutcome(control)}.`);
    }
    const silently = await flow.authorize(
      withIdTokenHint(compact, "prompt=none with the user's own ID Token"),
    );
    if (findCodeInQuery(silently) === null) await demandValidIdToken(flow, tokens);
    expect.issuedCode(
      silently,
      "A request with prompt=none and the user's own ID Token as hint was refused.",
      'a code, as without the hint',
    );
    expect.issuedCode(
      await flow.authorize(withIdTokenHint(compact, "the user's own ID Token, without prompt", null)),
      "A request with the user's own ID Token as hint was refused.",
      'a code, as without the hint',
    );
  },
});

/** A server may refuse as a hint what no client accepts. What is wrong with the ID Token is judged elsewhere. */
async function demandValidIdToken(flow: Flow, { code, exchange }: TokenSet): Promise<void> {
  const error = await findIdTokenError(flow, code, exchange);
  if (error === null) return;
  throw new NotTested(
    `A strict client refuses the ID Token (${error}), so the server may refuse it as a hint.`,
  );
}

export const idTokenHint = requirement({
  id: 'authz-id-token-hint',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.2'), oidcCore('3.1.2.1')],
  needs: ['user', 'second-user', 'client', 'page'],
  statement: "A request whose id_token_hint names another user isn't answered for the signed-in user.",
  how:
    "Both users get an ID Token for the same client. In the first user's session, sends the second user's " +
    "ID Token as id_token_hint: with no prompt and, if the user's own ID Token works there, with " +
    "prompt=none. Expects an error, a page, or a code whose ID Token has the hint's sub. Sends long hints " +
    'by POST.',
  hint: 'Compare the sub of id_token_hint with the signed-in user, and answer login_required if they differ.',
  async check(context) {
    const { flow, users, remark } = context;
    const own = flow.decodeIdToken(await flow.tokens());
    const other = flow.decodeIdToken(await flow.tokens({ as: 'second' }));
    if (own.claims.sub === other.claims.sub) throw new Blocked('subject', 'Both users have the same sub.');
    const { sub } = other.claims;
    const control = await flow.authorize(
      withIdTokenHint(own.compact, "the control: the user's own ID Token as hint"),
    );
    if (findCodeInQuery(control) === null)
      remark(
        `With the user's own ID Token as hint, prompt=none ended at ${describeOutcome(control)}, so only a request without prompt was tried.`,
      );
    else {
      const silent = await flow.authorize(
        withIdTokenHint(other.compact, 'the ID Token of the other user as hint, with prompt=none'),
      );
      await judgeHinted(context, silent, sub, 'a request with prompt=none');
    }
    // A page to sign in as the other user is a right answer: nobody does so here.
    const visit = await users.newPage('first');
    const asked = await visit.openAuthorization(
      withIdTokenHint(other.compact, 'the ID Token of the other user as hint, without prompt', null),
    );
    const answer = await continueToRedirect(visit, asked, { signIn: false });
    if (answer.kind === 'stayed' && answer.page.status < 500)
      return remark(`Without prompt a hint of another user ended at ${describeOutcome(answer)}.`);
    await judgeHinted(context, answer, sub, 'a request without prompt');
  },
});

/** An error, or a code for the user whom the hint names. */
async function judgeHinted(
  { flow, expect }: CheckContext,
  answer: AuthorizationOutcome,
  sub: unknown,
  what: string,
): Promise<void> {
  if (findCodeInQuery(answer) === null)
    return expect.authorizationRefused(answer, `${what} whose hint names another user`);
  const code = requireCode(answer, 'The request');
  const exchange = await flow.exchangeCode(code);
  const { claims } = flow.decodeIdToken(readTokens(code, exchange));
  expect.that(claims.sub === sub, `The hint of ${what} names one user, and the code is for another.`, {
    expected: 'an error, a login page, or an ID Token with the sub of the hint',
    received: 'a code, and an ID Token with the sub of the user who is signed in',
    exchange,
  });
}

/** Longer requests are sent by POST (OpenID Connect Core 1.0 section 3.1.2.1 has both). */
const LONGEST_QUERY = 4_000;

/** @param prompt null for a request without prompt */
export function withHint(
  hint: Readonly<Record<string, string>>,
  prompt: string | null = 'none',
): AuthorizationOptions {
  const isLong = Object.values(hint).join('').length > LONGEST_QUERY;
  return { params: { prompt, ...hint }, method: isLong ? 'POST' : 'GET', decide: 'stop' };
}

function withIdTokenHint(
  id_token_hint: string,
  note: string,
  prompt: string | null = 'none',
): AuthorizationOptions {
  return { ...withHint({ id_token_hint }, prompt), note };
}
