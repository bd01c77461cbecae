/** prompt is a list, and each of its values asks for a page of its own. */

import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { findCode, findCodeInQuery, readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isDecision, isLogin } from '../steps/continue-to-redirect.js';
import { continueWithoutCredentials, openSession } from '../steps/session.js';
import { isNotTested, nullOn } from '../steps/signals.js';
import { registeredAlike } from './clients.js';

export const promptList = requirement({
  id: 'authz-prompt-list',
  level: 'MUST',
  levelReason:
    'The MUST is for login. prompt is defined as a list, so what a server does for one value it does for ' +
    'the same value in a list.',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['user', 'page', 'client', 'login-page'],
  statement: 'prompt is a list: "login consent" asks for both.',
  how:
    'A user signs in and allows. The same request again asks for no credentials (if it does, the server ' +
    'keeps no session: not tested). Then sends prompt="login consent", "consent login" and "select_account ' +
    'login". Expects a login page and no code before credentials. If prompt=consent alone shows a consent ' +
    'page, expects one after the login too. An error at the redirect URI, such as login_required, is fine.',
  hint: 'Split prompt at its spaces, and do what each value asks for.',
  deadline: 60_000,
  async check(context) {
    const { flow, expect, remark } = context;
    const client = await flow.client();
    const visit = await openSession(context, {
      client,
      note: 'the control: the same request in the session',
    });
    const consent = await visit.openAuthorization({
      client,
      params: { prompt: 'consent' },
      note: 'the control: prompt=consent alone',
    });
    const asksConsent = isDecision(consent);
    for (const prompt of ['login consent', 'consent login', 'select_account login']) {
      const what = `a request with prompt="${prompt}"`;
      const asked = await visit.openAuthorization({ client, params: { prompt }, note: what });
      // Which of the two pages comes first is the server's to choose.
      const answer = await continueWithoutCredentials(context, visit, asked, what);
      if (answer.kind === 'redirected') {
        expect.authorizationRefused(answer, what);
        remark(`${capitalize(what)} ended at ${describeOutcome(answer)}.`);
        continue;
      }
      if (!isLogin(answer)) {
        const came = `${capitalize(what)} ended at ${describeOutcome(answer)}, which is not understood.`;
        if (!prompt.includes('select_account')) throw new NotTested(came);
        remark(came);
        continue;
      }
      const consentCame = isDecision(asked);
      const after = await visit.signIn();
      // What else goes wrong at the login, prompt=login alone shows too.
      if (findCode(after) === null && !isDecision(after))
        throw new NotTested(
          `After the login ${what} ended at ${describeOutcome(after)}, with neither a page nor a code.`,
        );
      expect.that(
        !asksConsent || !prompt.includes('consent') || consentCame || isDecision(after),
        `${capitalize(what)} asked only for the login.`,
        {
          expected: 'a login page and a consent page, as prompt=consent alone brings one',
          received: describeOutcome(after),
          exchange: after,
        },
      );
    }
  },
});

export const promptSelectAccount = requirement({
  id: 'authz-prompt-select-account',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1')],
  needs: ['user', 'client'],
  statement: 'prompt=select_account lets the user choose or gets an error, and never gets a code silently.',
  how:
    "Repeating an allowed request gets a code with no page (if it doesn't, the server always asks: not " +
    'applicable). With prompt=select_account, expects a page that waits for the user, or an error such as ' +
    'account_selection_required.',
  hint: "For prompt=select_account, show the accounts, or the login page if there's only one.",
  async check({ flow, expect, remark }) {
    await flow.code({ note: 'the user allows' });
    const control = await flow.authorize({ decide: 'stop', note: 'the control: without prompt' });
    if (findCodeInQuery(control) === null || control.pages.length > 0)
      throw new NotApplicable('The server shows a page at every request.');
    const answer = await flow.authorize({
      params: { prompt: 'select_account' },
      as: 'first',
      decide: 'stop',
      note: 'prompt=select_account',
    });
    if (answer.pages.length > 0 || answer.kind === 'stayed')
      return remark(`prompt=select_account showed ${describePages(answer)}.`);
    expect.noCode(
      answer,
      'A request with prompt=select_account gave a code without a page.',
      'a page that waits for the user, or an error such as account_selection_required',
    );
    expect.authorizationRefused(answer, 'a request with prompt=select_account');
  },
});

function describePages(answer: AuthorizationOutcome): string {
  const kinds = answer.pages.map(({ kind }) => `a page (${kind})`);
  return kinds.length === 0 ? describeOutcome(answer) : kinds.join(' and ');
}

/** OpenID Connect Core 1.0 section 3.1.2.6. */
const WITHOUT_A_PAGE = [
  'login_required',
  'interaction_required',
  'account_selection_required',
  'consent_required',
];

export const promptNoneErrorCode = requirement({
  id: 'authz-prompt-none-error-code',
  level: 'SHOULD',
  levelReason: 'Section 3.1.2.1 says which codes are typical, and no keyword requires one of them.',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.6'), oidcCore('3.1.2.1')],
  needs: ['client'],
  statement: 'The error for prompt=none says which page would be needed.',
  how:
    'Sends prompt=none without a session and, signed in, from a client that was just registered. If the ' +
    'redirect URI gets an error, expects login_required, interaction_required, account_selection_required ' +
    'or consent_required.',
  hint:
    'Answer prompt=none with login_required if nobody is signed in, and with consent_required if nobody ' +
    'has consented. Clients act on it.',
  async check({ flow, expect }) {
    const silent = { params: { prompt: 'none' }, decide: 'stop' } as const;
    const signedOut = await flow.authorize({
      ...silent,
      as: 'nobody',
      note: 'prompt=none without a session',
    });
    const client = await registeredAlike(flow);
    const unknown = await nullOn(isNotTested, () =>
      client === null ? null : flow.authorize({ ...silent, client, note: 'prompt=none of a new client' }),
    );
    let judged = 0;
    for (const [what, answer] of [
      ['a request with prompt=none without a session', signedOut],
      ['a request with prompt=none from a client that nobody allowed', unknown],
    ] as const) {
      const error = answer === null ? null : readOutcomeError(answer);
      if (answer === null || error === null) continue;
      judged += 1;
      expect.that(
        WITHOUT_A_PAGE.includes(error),
        `${capitalize(what)} was answered with the error ${error}.`,
        {
          expected: WITHOUT_A_PAGE.join(', '),
          received: `error=${error}`,
          exchange: answer,
        },
      );
    }
    if (judged === 0)
      throw new NotTested(`prompt=none got no error code, but ${describeOutcome(signedOut)}.`);
  },
});
