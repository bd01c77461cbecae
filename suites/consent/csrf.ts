/** Nobody signs in or decides by a form of another site. */
import { decodeJwt } from 'jose';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCode, readCode } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOptions, AuthorizationOutcome, Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { readPageLabels } from '../../fixtures/target/settings.js';
import { stripQuery } from '../../fixtures/urls.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { hasSentCode, openConsent, randomMarker } from '../steps/consent.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';
import { openLogin } from '../steps/login.js';
import { findSession, showsSession } from '../steps/session.js';
import {
  asLink,
  decisionForm,
  forgeForms,
  loginForm,
  submitCrossSite,
  submitSameSite,
} from './forged-forms.js';

export const csrfCrossSite = requirement({
  id: 'consent-csrf-cross-site',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '10.12'), oidcCore('3.1.2.3')],
  needs: ['user', 'second-user', 'registration', 'page'],
  byBrowser: true,
  statement: "Another site can't submit the decision for a signed-in user.",
  how:
    'Two users open the same request of a client that was just registered: the second is the attacker, the ' +
    "first the victim. Another site's page, opened in the victim's browser, submits the decision's form by " +
    'itself, with the fields that both pages share, the same with the other fields left empty, then with ' +
    "all of the attacker's fields. Expects no " +
    "code for the victim, by any means: a token, the Origin header, a SameSite cookie, or a URL that can't " +
    "be guessed. A copy of the victim's own form, sent from its own page, gets a code; otherwise not " +
    'tested.' +
    ' Also sends the form by GET, as a link would.',
  hint: 'Bind the form to the session with a token, and set the session cookie with SameSite=Lax or Strict.',
  async check({ flow, users, target, expect, remark }) {
    const client = await flow.newClient();
    const options = sameRequest(flow, { client });
    const labels = readPageLabels(target.settings);
    const attacker = await users.newPage('second');
    await openConsent({ users, target }, options, attacker);
    const theirs = await decisionForm(attacker, labels);
    const victim = await users.newPage('first');
    await openConsent({ users, target }, options, victim);
    const own = await decisionForm(victim, labels);

    const forms = forgeForms(theirs, own);
    for (const { form, words } of [...forms, ...forms.slice(0, 1).map(asLink)]) {
      const before = victim.externalRequests.length;
      const answer = await submitCrossSite(victim, form);
      if (
        findCode(answer) !== null ||
        hasSentCode({ externalRequests: victim.externalRequests.slice(before) })
      ) {
        const forAttacker = await belongsToAttacker(flow, client, answer, attacker);
        expect.that(forAttacker, 'Another site allowed a request for a signed-in user, and got a code.', {
          expected: 'no code',
          received: `a code after a form ${words}`,
        });
        remark("The form of the attacker's page gave a code for the attacker's own account.");
      } else {
        remark(`A form ${words} came to ${describeOutcome(answer)}.`);
      }
      await openConsent({ users, target }, options, victim);
    }

    const copy = await submitSameSite(victim, await decisionForm(victim, labels));
    if (findCode(await continueToRedirect(victim, copy)) === null) {
      throw new NotTested(
        'A copy of the form does not work on the consent page itself, so its refusal elsewhere says nothing.',
      );
    }
  },
});

export const loginCsrf = requirement({
  id: 'consent-login-csrf',
  level: 'SHOULD',
  levelReason:
    'The MUST of section 10.12 is about the authorization endpoint. No clause names the login form.',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.3'), rfc(6749, '10.12')],
  needs: ['user', 'second-user', 'page', 'client', 'login-page'],
  byBrowser: true,
  statement: "Another site can't sign a user in to an account that it chose.",
  how:
    "Two browsers with no cookies open the same request up to the login page. Another site's page, opened " +
    "in the first browser, submits the login form with the second user's credentials, with the fields that " +
    'both pages share, the same with the other fields left empty, then with all of the other ' +
    "browser's fields. Expects nobody to be signed in: " +
    "prompt=none gets login_required, or the login page comes again. A copy of the browser's own form, " +
    'sent from its own page, signs in; otherwise not tested.',
  hint: 'Bind the login form to the browser with a token, or compare the Origin header with your own origin.',
  async check({ flow, users, target, expect, remark }) {
    const credentials = users.credentials('second');
    const options = sameRequest(flow, {});
    const labels = readPageLabels(target.settings);
    const attacker = await users.newPage('nobody');
    await openLogin(attacker, options);
    const theirs = await loginForm(attacker, credentials, labels);
    const victim = await users.newPage('nobody');
    await openLogin(victim, options);
    const own = await loginForm(victim, credentials, labels);
    const { origin } = new URL(own.url);
    if (![target.issuer, flow.endpoint('authorization')].some((url) => new URL(url).origin === origin)) {
      throw new NotTested(`The login form is sent to another server: ${stripQuery(own.url)}.`);
    }

    for (const { form, words } of forgeForms(theirs, own)) {
      await openLogin(victim, options);
      const answer = await submitCrossSite(victim, form);
      const got = showsSession(answer) ? describeOutcome(answer) : await findSession(victim);
      const message = `Another site signed a user in to an account that it chose, with a form ${words}.`;
      expect.none(got, message, 'login_required, or the login page');
      remark(`A form ${words} came to ${describeOutcome(answer)}.`);
    }

    await openLogin(victim, options);
    const copy = await submitSameSite(victim, await loginForm(victim, credentials, labels));
    if (!showsSession(copy) && (await findSession(victim)) === null) {
      throw new NotTested(
        'A copy of the form does not sign in from the login page itself either, so its refusal elsewhere says nothing.',
      );
    }
  },
});

/** The request of two browsers, the same in every parameter. */
function sameRequest<Options extends AuthorizationOptions>(
  flow: Flow,
  options: Options,
): Options & AuthorizationOptions {
  return {
    ...options,
    state: `${randomMarker()}${randomMarker()}`,
    nonce: `${randomMarker()}${randomMarker()}`,
    pkce: flow.newPkce(),
  };
}

/** A form that is bound to the attacker's session alone completes the attacker's own request, and no other. */
async function belongsToAttacker(
  flow: Flow,
  client: Client,
  answer: AuthorizationOutcome,
  attacker: BrowserPage,
): Promise<boolean> {
  const victims = await readSubject(flow, client, answer);
  const attackers = await readSubject(
    flow,
    client,
    await continueToRedirect(attacker, await attacker.openAuthorization({ client })),
  );
  return victims !== null && victims === attackers;
}

async function readSubject(flow: Flow, client: Client, answer: AuthorizationOutcome): Promise<string | null> {
  const code = readCode(answer);
  if (code === null) return null;
  const exchange = await flow.exchangeCode({ ...code, client });
  const compact = exchange.string('id_token');
  return compact === null ? null : (decodeJwt(compact).sub ?? null);
}
