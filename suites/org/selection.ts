/** The choice of an organization: asked for, held to the user's memberships, and never skipped. */
import { MISSING_CONTROLS } from '../../fixtures/browser/missing-controls.js';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { describeExchange, describeOutcome, quote } from '../../fixtures/expect/describe.js';
import { findCodeInQuery, readCode } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { Blocked } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { signInIfAsked } from '../steps/continue-to-redirect.js';
import { answerAfterLogin } from '../steps/session.js';
import { isNotTested, nullOn } from '../steps/signals.js';
import { allowWithChoice, type Choice } from './forged-choice.js';
import {
  fetchOrganization,
  foreignOrganization,
  organizationClient,
  organizationRequest,
  showsOrganization,
  twoOrganizations,
} from './organizations.js';

const source = polarDocs('User VS Organization access tokens');

/** A page on which an organization is to be chosen, opened by the first user. Blocked by org-selection. */
async function openChoice({ flow, users, target }: CheckContext, visit?: BrowserPage) {
  const client = await organizationClient(flow);
  const shown = visit ?? (await users.newPage('first'));
  const asked = await shown.openAuthorization(
    organizationRequest(flow, client, null, { note: 'sub_type=organization' }),
  );
  // Another check's login may have ended the session.
  const answer = (await nullOn(isNotTested, () => signInIfAsked(shown, asked))) ?? asked;
  const offered = twoOrganizations(target);
  const missing =
    answer.kind === 'stayed' ? offered.find(({ name }) => !answer.page.text.includes(name)) : null;
  if (answer.kind === 'redirected' || missing !== undefined)
    throw new Blocked(
      'organizationChoice',
      `No page to choose an organization came, but ${describeOutcome(answer)}.`,
    );
  return { visit: shown, offered };
}

/** The unaltered form gives a code. */
async function demandControl(context: CheckContext, visit: BrowserPage): Promise<void> {
  const control = await openChoice(context, visit);
  const answer = await control.visit.allow();
  if (findCodeInQuery(answer) === null)
    throw new Blocked(
      'organizationTokens',
      `The unaltered choice gave no code, but ended at ${describeOutcome(answer)}.`,
    );
}

function demandNoCode({ expect }: CheckContext, answer: AuthorizationOutcome, what: string): void {
  expect.noCode(
    answer,
    `${what} gave a code.`,
    'no code: the page again, an error page, or a redirect with an error',
  );
}

export const selection = requirement({
  id: 'org-selection',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'second-user', 'page'],
  statement: 'With sub_type=organization, the user chooses an organization before allowing anything.',
  how:
    'A signed-in member of two organizations opens a request with sub_type=organization; so does one who ' +
    'has to sign in first, if the password is known. Expects a page that names both, no code before a ' +
    'choice, and no organization that only another user belongs to.' +
    ' The same for a request by POST.',
  hint:
    'Whenever sub_type is organization, let the signed-in user choose one of their organizations, also ' +
    'after a login.',
  async check(context) {
    const { users, remark } = context;
    await judgeOffer(context, await users.newPage('first'), '');
    await judgeOffer(context, await users.newPage('first'), ', by POST', 'POST');
    const credentials = await nullOn(isNotTested, () => users.credentials('first'));
    if (credentials === null) return remark('No password is known, so nobody signed in on the way.');
    await judgeOffer(context, await users.newPage('nobody'), ', after the login');
  },
});

/** The page names every organization of the user, and none of another user. @param when ends the message */
async function judgeOffer(
  { flow, users, target, expect }: CheckContext,
  visit: BrowserPage,
  when: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<void> {
  const request = { method, note: `sub_type=organization${when}` };
  const options = organizationRequest(flow, await organizationClient(flow), null, request);
  const answer = await signInIfAsked(visit, await visit.openAuthorization(options));
  if (answer.kind === 'redirected')
    return expect.that(false, `An organization was taken without asking the user${when}.`, {
      expected: 'a page on which an organization is chosen',
      received: describeOutcome(answer),
    });
  const { page } = answer;
  const offered = twoOrganizations(target);
  const missing = offered.find(({ name }) => !page.text.includes(name));
  // A page that isn't understood may ask anything first, so it proves nothing about the choice.
  if (page.kind === 'unknown' && missing !== undefined) {
    const control = await answerAfterLogin(users, { note: 'the control: without sub_type' });
    if (control !== null) requireCode(control, 'A request without sub_type');
    throw await visit.describeUnrecognizedPage(MISSING_CONTROLS.allow);
  }
  expect.that(missing === undefined, `The page does not offer the organization ${missing?.name}${when}.`, {
    expected: 'every organization of the user by its name',
    received: `${describeOutcome(answer)}, which says ${quote(page.text.trim().slice(0, 120))}`,
  });
  const { first, second } = target.settings.users ?? {};
  const foreign = second?.organizations?.[0]?.name;
  if (foreign === undefined || first?.organizations?.some(({ name }) => name.includes(foreign))) return;
  const message = `The page offers ${foreign}, which the user doesn't belong to${when}.`;
  expect.that(!page.text.includes(foreign), message, {
    expected: "only the user's own organizations",
    received: 'an organization of another user',
  });
}

export const selectionRequired = requirement({
  id: 'org-selection-required',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'page'],
  statement: 'Allowing without a choice issues nothing.',
  how:
    "Sends the page's own form with no choice, with an empty one and with a malformed one, each from a new " +
    'page. Expects no code. The complete form gets a code.',
  hint: 'Refuse the decision if it names no organization, whatever the page would have allowed.',
  async check(context) {
    const { users } = context;
    const visit = await users.newPage('first');
    const choices: readonly (readonly [string, Choice])[] = [
      ['Allowing without a choice', 'nothing'],
      ['Allowing with an empty choice', { values: [''] }],
      ['Allowing with a malformed choice', { values: ['no-such-organization'] }],
    ];
    for (const [what, choice] of choices) {
      const { offered } = await openChoice(context, visit);
      demandNoCode(context, await allowWithChoice(visit, offered, choice), what);
    }
    await demandControl(context, visit);
  },
});

export const foreignRefused = requirement({
  id: 'org-foreign-refused',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'second-user', 'page'],
  statement: "A forged form can't choose an organization that the user doesn't belong to.",
  how:
    "Sends the page's own form in the user's session with the id of the second user's organization in " +
    'place of an offered one. Expects no code. The unchanged form, from a new page, gets a code.' +
    ' Also sends both organizations, in either order, and expects no token for the foreign one.',
  hint: "Compare the submitted organization with the signed-in user's memberships.",
  async check(context) {
    const { users, target } = context;
    const foreign = foreignOrganization(target);
    const visit = await users.newPage('first');
    await demandControl(context, visit);
    const [own] = twoOrganizations(target);
    const whose = `${foreign.name}, which the user doesn't belong to,`;
    for (const [what, values] of [
      [`Choosing ${whose}`, [foreign.id]],
      [`Choosing ${own.name} and then ${whose}`, [own.id, foreign.id]],
      [`Choosing ${whose} and then ${own.name}`, [foreign.id, own.id]],
    ] as const) {
      const { offered } = await openChoice(context, visit);
      const answer = await allowWithChoice(visit, offered, { values });
      // Of two, a server may take the one that is the user's own.
      if (values.length === 1) demandNoCode(context, answer, what);
      else await demandNotForeign(context, answer, what);
    }
    await demandControl(context, visit);
  },
});

/** No code, or one for an organization of the user's own. */
async function demandNotForeign(
  { flow, target, expect }: CheckContext,
  answer: AuthorizationOutcome,
  what: string,
): Promise<void> {
  const code = readCode(answer);
  if (code === null || target.settings.apiEndpoints?.organization === undefined) return;
  const foreign = foreignOrganization(target);
  const { access_token } = readTokens(code, await flow.exchangeCode(code, { note: 'for the organization' }));
  const shown = await fetchOrganization(flow, access_token, foreign, 'what it reaches');
  expect.that(!showsOrganization(shown, foreign), `${what} gave a token for ${foreign.name}.`, {
    expected: "no code, or a token for the user's own organization",
    received: describeExchange(shown),
    exchange: shown,
  });
}

export const consentSeparate = requirement({
  id: 'org-consent-separate',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'page'],
  statement: "Consent given as a user doesn't skip the choice of an organization.",
  how:
    'The choice page comes for sub_type=organization. Then the user allows the scopes as a user, and the ' +
    'same client requests them with sub_type=organization. Expects a page and no code, and no code with ' +
    'prompt=none either.',
  hint: 'Keep consent given as a user apart from consent for an organization.',
  async check(context) {
    const { flow, users, expect } = context;
    const client = await organizationClient(flow);
    const scope = flow.apiScope(client, 'organization');
    const visit = await users.newPage('first');
    // The control: where an organization is never chosen, consent as a user isn't the reason.
    await openChoice(context, visit);
    await flow.code({ client, scope, note: 'allowed as a user' });
    const options = organizationRequest(flow, client, null, { note: 'the same scopes for an organization' });
    const answer = await visit.openAuthorization(options);
    demandNoCode(
      context,
      answer,
      'An organization request from a client that the user allowed only as a user',
    );
    const quiet = await flow.authorize(
      organizationRequest(flow, client, null, {
        params: { prompt: 'none' },
        decide: 'stop',
        note: 'with prompt=none, and no page is answered',
      }),
    );
    expect.noCode(
      quiet,
      'A request for an organization with prompt=none gave a code, but the user had allowed the client only as a user.',
      'an error or a page, and no code',
    );
  },
});

export const subTypeUnknown = requirement({
  id: 'org-sub-type-unknown',
  level: 'MUST',
  profile: 'polar',
  clauses: [source, rfc(6749, '4.1.2.1')],
  needs: ['user'],
  statement: 'An unknown sub_type is an error.',
  how:
    'sub_type=user gets a code. Then sends sub_type=planet. Expects invalid_request at the redirect URI, ' +
    'or an error page, and no code.' +
    ' The same for ORGANIZATION in capitals.',
  hint: 'Refuse every sub_type except user and organization with invalid_request.',
  async check({ flow, expect }) {
    await flow.code({ params: { sub_type: 'user' }, note: 'the control request: sub_type=user' });
    for (const sub_type of ['planet', 'ORGANIZATION']) {
      const answer = await flow.authorize({ params: { sub_type }, note: `sub_type=${sub_type}` });
      expect.authorizationRefused(answer, `a request with sub_type=${sub_type}`, ['invalid_request']);
    }
  },
});
