/** The user decides: no code before they allow, and none when they deny. */
import { mayGoOnByItself } from '../../fixtures/browser/html-forms.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { clientThatAsks, demandAllowGivesCode, expectNoCodeSent, openConsent } from '../steps/consent.js';
import { isDecision, signInIfAsked } from '../steps/continue-to-redirect.js';

/** A page that goes on by itself does so at once; a user who reads it takes longer than this. */
const LEFT_ALONE_MS = 1_500;

export const asked = requirement({
  id: 'consent-asked',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Start the authorization flow'), oidcCore('3.1.2.4')],
  needs: ['user', 'registration', 'page'],
  byBrowser: true,
  statement: 'A third-party client gets no code before the user has allowed it.',
  how:
    'A client that was registered just now asks for a code; the user is signed in. Expected: a page with a ' +
    'control to allow, and no code before it is activated (a page with a script or a refresh is left alone for ' +
    '1.5 s, as a page that goes on by itself does so at once); a code after that. Clients that the operator marks as first-party are not ' +
    'registered this way.',
  hint: 'Issue the code in answer to the user’s decision, not to the authorization request.',
  async check({ flow, users, expect, pause }) {
    const client = await flow.newClient();
    const visit = await users.newPage('first');
    const answer = await signInIfAsked(visit, await visit.openAuthorization({ client }));
    const wanted = 'a page that asks the user, and no code before they allow';
    expect.noCode(answer, 'A client that the user has never seen got a code without asking.', wanted);
    if (!isDecision(answer)) {
      throw new Blocked(
        'code',
        `The request of a new client ended at ${describeOutcome(answer)} instead of a page to allow it.`,
      );
    }
    if (answer.kind === 'stayed' && mayGoOnByItself(answer.page)) await pause(LEFT_ALONE_MS);
    const message = 'The consent page sent a code by itself, before the user had allowed.';
    expectNoCodeSent(expect, visit, answer, message, wanted);
    await demandAllowGivesCode(visit);
  },
});

export const deny = requirement({
  id: 'consent-deny',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: 'Denying leads to the redirect URI with access_denied.',
  how:
    'A fresh client (with closed registration a standing one and prompt=consent) asks, and the user activates ' +
    'the control to deny. Expected in the query at the redirect URI: error=access_denied and the state, and no ' +
    'code anywhere. For a fresh client prompt=none gives no code afterwards either, as a denial is no consent. ' +
    'The denial of a request without state is answered with access_denied too. ' +
    'Allowing on the same page, opened again, gives a code. Not applicable where the server shows no consent page; ' +
    'not tested where no control to deny is found on it, as no clause demands one.',
  hint: 'Send error=access_denied with the state to the redirect URI, and store nothing.',
  serial: true,
  async check({ flow, users, target, expect, remark }) {
    const { fresh, options: first } = await clientThatAsks(flow);
    const { visit, options } = await openConsent({ users, target }, first);
    const denied = await visit.deny();
    expectNoCodeSent(
      expect,
      visit,
      denied,
      'A denied request still gave a code.',
      'error=access_denied and no code',
    );
    const { query, request } = expect.redirected(denied, 'the denial of a request');
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
    const stateless = await visit.openAuthorization({
      ...options,
      state: null,
      note: 'the same request without state',
    });
    if (isDecision(stateless)) {
      const what = 'the denial of a request without state';
      const { query: parameters } = expect.redirected(await visit.deny(), what);
      const message = 'The denial of a request without state was not answered with access_denied.';
      expect.same(parameters.get('error'), 'access_denied', message);
    } else remark(`Without state the request ended at ${describeOutcome(stateless)}.`);
    await openConsent({ users, target }, options, visit);
    await demandAllowGivesCode(visit);
  },
});
