/** prompt=none: no page, whatever is missing. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery, readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOutcome, RedirectOutcome } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { usernameIfKnown } from '../steps/login.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { judgeState } from '../steps/state.js';
import { withHint } from './id-token-hints.js';

/** OpenID Connect Core 1.0 section 3.1.2.6, and invalid_request where no id_token_hint is sent (3.1.2.1). */
const USUAL = [
  'login_required',
  'interaction_required',
  'account_selection_required',
  'consent_required',
  'invalid_request',
];
const SILENT = { prompt: 'none' };

/** An error at the redirect URI, and no code; a page that waits for a user is none. */
function judgeSilentError(
  { expect, remark }: Pick<CheckContext, 'expect' | 'remark'>,
  answer: AuthorizationOutcome,
  what: string,
): RedirectOutcome {
  const redirected = expect.redirected(answer, what);
  expect.noCredential(redirected, what, 'an error at the redirect URI');
  const error = expect.string(
    readOutcomeError(redirected) ?? undefined,
    'error',
    `the answer to ${what}`,
    redirected,
  );
  if (!USUAL.includes(error)) remark(`The error is ${error}, which is not one of the usual ones.`);
  return redirected;
}

export const promptNoneSignedOut = requirement({
  id: 'authz-prompt-none-signed-out',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.6')],
  needs: ['client', 'login-page'],
  statement: 'prompt=none without a session gets an error, not a page.',
  how:
    'With no cookies and no prompt, the login page comes. With prompt=none, expects an error at the ' +
    'redirect URI (usually login_required) with the state and no code. A page that redirects by itself ' +
    "counts as a redirect; one that waits for a user doesn't. If a user is known, the same with the user's " +
    "name as login_hint and with the user's ID Token as id_token_hint: hints are not a session.",
  hint: 'If prompt is none and nobody is signed in, send login_required to the redirect URI.',
  async check(context) {
    const { flow, expect } = context;
    const page = await flow.authorize({ as: 'nobody', note: 'the control request: without prompt' });
    const answer = await flow.authorize({ as: 'nobody', params: SILENT, note: 'prompt=none' });
    const redirected = judgeSilentError(context, answer, 'a request with prompt=none and without a session');
    judgeState(expect, redirected, 'the error response');
    await judgeHints(context);
    if (page.kind === 'stayed' && page.page.kind !== 'error') return;
    throw new NotTested(
      `Without prompt no login page came, but ${describeOutcome(page)}, so something other than prompt=none may have caused the error.`,
    );
  },
});

/** A hint says who may be at the browser, and proves nothing. */
async function judgeHints({ flow, users, expect }: CheckContext): Promise<void> {
  const username = await usernameIfKnown(users);
  const tokens = await nullOn(isUnavailable, () => flow.tokens({ note: 'for an ID Token as hint' }));
  for (const hint of [
    ...(username === null ? [] : [{ login_hint: username }]),
    ...(tokens?.id_token == null ? [] : [{ id_token_hint: tokens.id_token }]),
  ]) {
    const [name = ''] = Object.keys(hint);
    const what = `a request with prompt=none and ${name}, without a session`;
    const answer = await flow.authorize({
      ...withHint(hint, 'none'),
      as: 'nobody',
      note: what,
    });
    expect.noCredential(answer, what, 'an error at the redirect URI');
  }
}

export const promptNoneNoConsent = requirement({
  id: 'authz-prompt-none-no-consent',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.4')],
  needs: ['user', 'registration'],
  statement: 'prompt=none without prior consent gets an error.',
  how:
    "A new client's request with no prompt shows a consent page, which is left unanswered (if it doesn't: " +
    'not applicable). A second new client sends prompt=none. Expects an error at the redirect URI and no ' +
    'code. After consent, it gets its code.',
  hint: "If prompt is none and the user hasn't allowed this client, send consent_required to the redirect URI.",
  async check(context) {
    const { flow } = context;
    const note = 'a fresh client without prompt';
    demandConsentPage(await flow.authorize({ client: await flow.newClient(), decide: 'stop', note }));
    const client = await flow.newClient();
    const answer = await flow.authorize({
      client,
      params: SILENT,
      decide: 'stop',
      note: 'a second fresh client, prompt=none',
    });
    judgeSilentError(context, answer, 'a request with prompt=none from a client that nobody allowed');
    await flow.code({ client, note: 'the same client after allowing' });
  },
});

/** The rule is about consent that is asked for on a page. */
function demandConsentPage(answer: AuthorizationOutcome): void {
  if (findCodeInQuery(answer) !== null) {
    throw new NotApplicable('A fresh client gets its code without a consent page.');
  }
  const came = describeOutcome(answer);
  if (answer.kind === 'redirected') {
    throw new Blocked('code', `A fresh client is refused: the request ended at ${came}.`);
  }
  const { kind } = answer.page;
  if (kind === 'consent' || kind === 'organization') return;
  throw new NotTested(`A fresh client is shown no page that is understood as a consent page, but ${came}.`);
}

export const promptNoneSilent = requirement({
  id: 'authz-prompt-none-silent',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['user', 'client', 'login-session'],
  statement: 'prompt=none never shows a page to a signed-in user who has consented.',
  how:
    'Repeats an allowed request with prompt=none. Expects an immediate answer at the redirect URI: a code ' +
    'or, on servers that remember neither session nor consent, an error. none together with login or ' +
    'consent, in either order, gets an error and never a code. Then the request with no prompt still gets ' +
    'a code.',
  hint: 'Always answer prompt=none at the redirect URI, and refuse it together with other values.',
  async check({ flow, expect, remark }) {
    await flow.code({ note: 'the control request' });
    const answer = await flow.authorize({ params: SILENT, decide: 'stop', note: 'prompt=none' });
    const redirected = expect.redirected(answer, 'a request with prompt=none after consent');
    expect.that(
      findCodeInQuery(redirected) !== null || readOutcomeError(redirected) !== null,
      'A request with prompt=none was answered with neither code nor error.',
      { expected: 'a code or an error', received: describeOutcome(redirected) },
    );
    remark(`prompt=none was answered at ${describeOutcome(redirected)}.`);
    for (const prompt of ['none login', 'login none', 'none consent', 'consent none']) {
      const what = `a request with prompt="${prompt}"`;
      expect.authorizationRefused(
        await flow.authorize({ params: { prompt }, decide: 'stop', note: what }),
        what,
      );
    }
    await flow.code({ note: 'the control request again' });
  },
});
