/** Nobody signs in or decides by a form of another site. */

import { decodeJwt } from 'jose';
import { codeIn, codeOf } from '../../fixtures/flow/answer.js';
import type { Answer, AuthorizationOptions, Client, Flow } from '../../fixtures/flow/types.js';
import { whereItEnded, withoutParameters } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { labelsOf } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';
import { onwards } from '../authz/onwards.js';
import { requirement } from '../requirement.js';
import { oidcCore, rfc } from '../sources.js';
import { openLogin } from '../steps/login.js';
import { decisionForm, forgeries, loginForm, sendFromElsewhere, sendFromHere } from './forms.js';
import { showsSession, signedInAs } from './session.js';
import { codeLeft, mark, openConsent } from './steps.js';

export const csrfCrossSite = requirement({
  id: 'consent-csrf-cross-site',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '10.12'), oidcCore('3.1.2.3')],
  needs: ['person', 'second-person', 'registration', 'page'],
  byBrowser: true,
  statement: 'Another site cannot submit the decision for a signed-in person.',
  how:
    'Two persons open the same request of a client that was registered just now: the second is the attacker, the ' +
    'first the victim. A page of another site, opened in the victim’s browser, sends the form of the decision by itself: ' +
    'once with those fields alone that are the same for both, once with all those of the attacker’s page. ' +
    'Expected: no code for the victim, by whatever means (a token, the Origin header, a SameSite cookie, an address that ' +
    'cannot be guessed; a cookie without SameSite that the browser still sends is none). A copy of the ' +
    'victim’s own form, sent from its own page, gives a code; where it does not, nothing was tested.',
  next: 'Bind the form to the session by a token, and set the session cookie with SameSite=Lax or Strict.',
  async check({ flow, people, target, expect, remark }) {
    const client = await flow.ownClient();
    const options = sameRequest(flow, { client });
    const labels = labelsOf(target.settings);
    const attacker = await people.visit('second');
    await openConsent({ people, target }, options, attacker);
    const theirs = await decisionForm(attacker, labels);
    const victim = await people.visit('first');
    await openConsent({ people, target }, options, victim);
    const own = await decisionForm(victim, labels);

    for (const { form, words } of forgeries(theirs, own)) {
      const before = victim.left.length;
      const answer = await sendFromElsewhere(victim, form);
      if (codeIn(answer) !== null || codeLeft({ left: victim.left.slice(before) })) {
        const forAttacker = await isOfAttacker(flow, client, answer, attacker);
        expect.that(
          forAttacker,
          'Another site sent the decision to allow in the name of a signed-in person, and got a code.',
          { expected: 'no code', received: `a code after a form ${words}` },
        );
        remark('The form of the attacker’s page gave a code for the attacker’s own account.');
      } else {
        remark(`A form ${words} came to ${whereItEnded(answer)}.`);
      }
      await openConsent({ people, target }, options, victim);
    }

    const copy = await sendFromHere(victim, await decisionForm(victim, labels));
    if (codeIn(await onwards(victim, copy)) === null) {
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
  source: [oidcCore('3.1.2.3'), rfc(6749, '10.12')],
  needs: ['person', 'second-person', 'page', 'client'],
  byBrowser: true,
  statement: 'Another site cannot sign a person in to an account of its choice.',
  how:
    'Two browsers without cookies open the same request up to the login page. A page of another site, opened in the ' +
    'first one, sends the login form with the credentials of the second person by itself: once with those fields ' +
    'alone that are the same in both browsers, once with all those of the other browser’s page. Expected: nobody is ' +
    'signed in afterwards, so prompt=none gives login_required or the login page is shown again. A copy of the ' +
    'browser’s own form, sent from its own page, signs in; where it does not, nothing was tested.',
  next: 'Bind the login form to the browser by a token, or compare the Origin header with your own origin.',
  async check({ flow, people, target, expect, remark }) {
    const credentials = people.credentials('second');
    const options = sameRequest(flow, {});
    const labels = labelsOf(target.settings);
    const attacker = await people.visit('nobody');
    await openLogin(attacker, options);
    const theirs = await loginForm(attacker, credentials, labels);
    const victim = await people.visit('nobody');
    await openLogin(victim, options);
    const own = await loginForm(victim, credentials, labels);
    const { origin } = new URL(own.url);
    if (![target.issuer, flow.endpoint('authorization')].some((url) => new URL(url).origin === origin)) {
      throw new NotTested(`The login form is sent to another server: ${withoutParameters(own.url)}.`);
    }

    for (const { form, words } of forgeries(theirs, own)) {
      await openLogin(victim, options);
      const answer = await sendFromElsewhere(victim, form);
      const got = showsSession(answer) ? whereItEnded(answer) : await signedInAs(victim);
      const message = `Another site signed a visitor in to an account that it chose, by a form ${words}.`;
      expect.none(got, message, 'login_required, or the login page');
      remark(`A form ${words} came to ${whereItEnded(answer)}.`);
    }

    await openLogin(victim, options);
    const copy = await sendFromHere(victim, await loginForm(victim, credentials, labels));
    if (!showsSession(copy) && (await signedInAs(victim)) === null) {
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
  return { ...options, state: `${mark()}${mark()}`, nonce: `${mark()}${mark()}`, pkce: flow.pkce() };
}

/** A form that is bound to the attacker's session alone completes the attacker's own request, and no other. */
async function isOfAttacker(flow: Flow, client: Client, answer: Answer, attacker: Visit): Promise<boolean> {
  const victims = await subjectOf(flow, client, answer);
  const attackers = await subjectOf(flow, client, await onwards(attacker, await attacker.open({ client })));
  return victims !== null && victims === attackers;
}

async function subjectOf(flow: Flow, client: Client, answer: Answer): Promise<string | null> {
  const code = codeOf(answer);
  if (code === null) return null;
  const exchange = await flow.redeem({ ...code, client });
  const compact = exchange.string('id_token');
  return compact === null ? null : (decodeJwt(compact).sub ?? null);
}
