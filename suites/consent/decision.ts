/** The person decides: no code before they allow, and none when they deny. */

import { whereItEnded } from '../../fixtures/judgement/describe.js';
import { Blocked } from '../../fixtures/verdict.js';
import { isDecision, signedIn } from '../authz/onwards.js';
import { requirement } from '../requirement.js';
import { oidcCore, polarDocs, rfc } from '../sources.js';
import { allowGivesCode, askingClient, noCodeSent, openConsent } from './steps.js';

/** A page that goes on by itself does so at once; a person who reads it takes longer than this. */
const LEFT_ALONE_MS = 1_500;

export const asked = requirement({
  id: 'consent-asked',
  level: 'MUST',
  profile: 'polar',
  source: [polarDocs('Start the authorization flow'), oidcCore('3.1.2.4')],
  needs: ['person', 'registration', 'page'],
  byBrowser: true,
  statement: 'A third-party client gets no code before the person has allowed it.',
  how:
    'A client that was registered just now asks for a code; the person is signed in. Expected: a page with a ' +
    'control to allow, and no code while it is left alone for 1.5 s (a page that goes on by itself does so at ' +
    'once); a code after the control is activated. Clients that the operator marks as first-party are not ' +
    'registered this way.',
  next: 'Issue the code in answer to the person’s decision, not to the authorization request.',
  async check({ flow, people, expect, pause }) {
    const client = await flow.ownClient();
    const visit = await people.visit('first');
    const answer = await signedIn(visit, await visit.open({ client }));
    const wanted = 'a page that asks the person, and no code before they allow';
    expect.noCode(answer, 'A client that the person has never seen got a code without asking.', wanted);
    if (!isDecision(answer)) {
      throw new Blocked(
        'code',
        `The request of a new client ended at ${whereItEnded(answer)} instead of a page to allow it.`,
      );
    }
    await pause(LEFT_ALONE_MS);
    const message = 'The consent page sent a code by itself, before the person had allowed.';
    noCodeSent(expect, visit, answer, message, wanted);
    await allowGivesCode(visit);
  },
});

export const deny = requirement({
  id: 'consent-deny',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6')],
  needs: ['person', 'page', 'client'],
  byBrowser: true,
  statement: 'Denying leads to the redirect URI with access_denied.',
  how:
    'A fresh client (with closed registration a standing one and prompt=consent) asks, and the person activates ' +
    'the control to deny. Expected in the query at the redirect URI: error=access_denied and the state, and no ' +
    'code anywhere. For a fresh client prompt=none gives no code afterwards either, as a denial is no consent. ' +
    'Allowing on the same page, opened anew, gives a code. Not applicable where the server shows no consent page; ' +
    'not tested where no control to deny is found on it, as no clause demands one.',
  next: 'Send error=access_denied with the state to the redirect URI, and store nothing.',
  alone: true,
  async check({ flow, people, target, expect }) {
    const { fresh, options } = await askingClient(flow);
    const { visit } = await openConsent({ people, target }, options);
    const denied = await visit.deny();
    noCodeSent(
      expect,
      visit,
      denied,
      'A denied request still gave a code.',
      'error=access_denied and no code',
    );
    const { query, request } = expect.answered(denied, 'the denial of a request');
    expect.same(query.get('error'), 'access_denied', 'A denied request was not answered with access_denied.');
    expect.same(query.get('state'), request.state, 'A denial came back without the state that was sent.');
    if (fresh) {
      const silent = await flow.authorize({
        ...options,
        params: { prompt: 'none' },
        decide: 'stop',
        note: 'prompt=none after the denial',
      });
      expect.noCode(
        silent,
        'A denial was stored as consent: prompt=none gave a code afterwards.',
        'an error, as nothing was allowed',
      );
    }
    await openConsent({ people, target }, options, visit);
    await allowGivesCode(visit);
  },
});
