/** Nobody signs in or decides by a form of another site. */
import { decodeJwt } from 'jose';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import type { AuthorizationOptions, AuthorizationOutcome, Client, Flow } from '../../fixtures/flow/types.js';
import { readPageLabels } from '../../fixtures/target/settings.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import {
  allowUntilRedirect,
  describeConsentAnswer,
  hasSentCode,
  isDecisionPage,
  openConsent,
  randomMarker,
  readCode,
  stripQuery,
} from '../steps/consent.js';
import { decisionForm, forgeForms, loginForm, submitCrossSite, submitSameSite } from './forged-forms.js';
import { openSignedIn } from './session-fixation.js';

export const csrfCrossSite = requirement({
  id: 'consent-csrf-cross-site',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(6749, '10.12'), oidcCore('3.1.2.3')],
  needs: ['user', 'second-user', 'registration', 'page'],
  byBrowser: true,
  statement: 'Another site cannot submit the decision for a signed-in user.',
  how:
    'Two users open the same request of a client that was registered just now: the second is the attacker, the ' +
    'first the victim. A page of another site, opened in the victim’s browser, sends the form of the decision by itself: ' +
    'once with those fields alone that are the same for both, once with all those of the attacker’s page. ' +
    'Expected: no code for the victim, by whatever means (a token, the Origin header, a SameSite cookie, an address that ' +
    'cannot be guessed; a cookie without SameSite that the browser still sends is none). A copy of the ' +
    'victim’s own form, sent from its own page, gives a code; where it does not, nothing was tested.',
  hint: 'Bind the form to the session by a token, and set the session cookie with SameSite=Lax or Strict.',
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

    for (const { form, words } of forgeForms(theirs, own)) {
      const before = victim.externalRequests.length;
      const answer = await submitCrossSite(victim, form);
      if (
        readCode(answer) !== null ||
        hasSentCode({ externalRequests: victim.externalRequests.slice(before) })
      ) {
        const forAttacker = await belongsToAttacker(flow, client, answer, attacker);
        expect.that(
          forAttacker,
          'Another site sent the decision to allow in the name of a signed-in user, and got a code.',
          { expected: 'no code', received: `a code after a form ${words}` },
        );
        remark('The form of the attacker’s page gave a code for the attacker’s own account.');
      } else {
        remark(`A form ${words} came to ${describeConsentAnswer(answer)}.`);
      }
      await openConsent({ users, target }, options, victim);
    }

    const copy = await submitSameSite(victim, await decisionForm(victim, labels));
    if (readCode(await allowUntilRedirect(victim, copy)) === null) {
      throw new NotTested(
        'A copy of the form does not work on the consent page itself, so its refusal elsewhere says nothing.',
      );
    }
  },
});

export const loginCsrf = requirement({
  id: 'consent-login-csrf',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.3'), rfc(6749, '10.12')],
  needs: ['user', 'second-user', 'page', 'client'],
  byBrowser: true,
  statement: 'Another site cannot sign a user in to an account of its choice.',
  how:
    'Two browsers without cookies open the same request up to the login page. A page of another site, opened in the ' +
    'first one, sends the login form with the credentials of the second user by itself: once with those fields ' +
    'alone that are the same in both browsers, once with all those of the other browser’s page. Expected: nobody is ' +
    'signed in afterwards, so prompt=none gives login_required or the login page is shown again. A copy of the ' +
    'browser’s own form, sent from its own page, signs in; where it does not, nothing was tested.',
  hint: 'Bind the login form to the browser by a token, or compare the Origin header with your own origin.',
  async check({ flow, users, target, expect, remark }) {
    const credentials = users.credentials('second');
    const options = sameRequest(flow, {});
    const labels = readPageLabels(target.settings);
    const attacker = await openLogin(await users.newPage('nobody'), options);
    const theirs = await loginForm(attacker, credentials, labels);
    const victim = await openLogin(await users.newPage('nobody'), options);
    const own = await loginForm(victim, credentials, labels);
    const { origin } = new URL(own.url);
    if (![target.issuer, flow.endpoint('authorization')].some((url) => new URL(url).origin === origin)) {
      throw new NotTested(`The login form is sent to another server: ${stripQuery(own.url)}.`);
    }

    for (const { form, words } of forgeForms(theirs, own)) {
      await openLogin(victim, options);
      const answer = await submitCrossSite(victim, form);
      const got = isSignedIn(answer) ? answer : await openSignedIn(victim);
      expect.that(got === null, 'Another site signed a visitor in to an account that it chose.', {
        expected: 'login_required, or the login page',
        received: `${got === null ? '' : describeConsentAnswer(got)} after a form ${words}`,
      });
      remark(`A form ${words} came to ${describeConsentAnswer(answer)}.`);
    }

    await openLogin(victim, options);
    const copy = await submitSameSite(victim, await loginForm(victim, credentials, labels));
    if (!isSignedIn(copy) && (await openSignedIn(victim)) === null) {
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

async function openLogin(visit: BrowserPage, options: AuthorizationOptions): Promise<BrowserPage> {
  const answer = await visit.openAuthorization(options);
  if (answer.kind === 'stayed' && answer.page.kind === 'login') return visit;
  throw new Blocked(
    'login',
    `The visitor was not asked to sign in but came to ${describeConsentAnswer(answer)}.`,
  );
}

function isSignedIn(answer: AuthorizationOutcome): boolean {
  return readCode(answer) !== null || (answer.kind === 'stayed' && isDecisionPage(answer.page));
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
    await allowUntilRedirect(attacker, await attacker.openAuthorization({ client })),
  );
  return victims !== null && victims === attackers;
}

async function readSubject(flow: Flow, client: Client, answer: AuthorizationOutcome): Promise<string | null> {
  const value = readCode(answer);
  if (value === null || answer.kind === 'stayed') return null;
  const exchange = await flow.exchangeCode({ value, client, request: answer.request, outcome: answer });
  const compact = exchange.string('id_token');
  return compact === null ? null : (decodeJwt(compact).sub ?? null);
}
