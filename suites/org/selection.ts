/** The choice of an organization: asked for, held to the person’s memberships, and never skipped. */

import { codeInQuery } from '../../fixtures/flow/answer.js';
import type { Answer } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { Blocked } from '../../fixtures/verdict.js';
import { type CheckContext, requirement } from '../requirement.js';
import { polarDocs, rfc } from '../sources.js';
import { allowWith, type Choice } from './forged.js';
import { foreignOrganization, forOrganization, twoOrganizations } from './grants.js';

const source = polarDocs('User VS Organization access tokens');

/** A page on which an organization is to be chosen, opened by the first person. Blocked by org-selection. */
async function openChoice({ flow, people, target }: CheckContext, visit?: Visit) {
  const client = await flow.client();
  const shown = visit ?? (await people.visit('first'));
  const answer = await shown.open(forOrganization(flow, client, null, { note: 'sub_type=organization' }));
  const offered = twoOrganizations(target);
  const missing =
    answer.kind === 'stayed' ? offered.find(({ name }) => !answer.page.text.includes(name)) : null;
  if (answer.kind === 'redirected' || missing !== undefined)
    throw new Blocked(
      'organizationChoice',
      `No page to choose an organization came, but ${whereItEnded(answer)}.`,
    );
  return { visit: shown, offered };
}

/** The unaltered form gives a code. */
async function demandControl(context: CheckContext, visit: Visit): Promise<void> {
  const control = await openChoice(context, visit);
  const answer = await control.visit.allow();
  if (codeInQuery(answer) === null)
    throw new Blocked(
      'organizationTokens',
      `The unaltered choice gave no code, but ended at ${whereItEnded(answer)}.`,
    );
}

function demandNoCode({ expect }: CheckContext, answer: Answer, what: string): void {
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
  source: [source],
  needs: ['organization', 'person', 'second-person', 'page'],
  statement: 'With sub_type=organization the person chooses an organization before anything is allowed.',
  how:
    'A signed-in member of two organizations opens an authorization request with sub_type=organization. Expected: a ' +
    'page that names both, and no code before a choice; an organization of another person alone is not offered.',
  next: 'Show the organizations of the signed-in person for a choice whenever sub_type is organization.',
  async check(context) {
    const { flow, people, target, expect } = context;
    const client = await flow.client();
    const visit = await people.visit('first');
    const answer = await visit.open(forOrganization(flow, client, null, { note: 'sub_type=organization' }));
    expect.that(answer.kind === 'stayed', 'An organization was taken without asking the person.', {
      expected: 'a page on which an organization is chosen',
      received: whereItEnded(answer),
    });
    if (answer.kind === 'redirected') return;
    const { page } = answer;
    for (const { name } of twoOrganizations(target)) {
      expect.that(page.text.includes(name), `The page does not offer the organization ${name}.`, {
        expected: 'every organization of the person by its name',
        received: `a ${page.kind} page without that name`,
      });
    }
    const foreign = target.settings.people?.second?.organizations?.[0];
    if (foreign === undefined) return;
    const own = target.settings.people?.first?.organizations ?? [];
    if (own.some(({ name }) => name.includes(foreign.name))) return;
    expect.that(
      !page.text.includes(foreign.name),
      `The page offers ${foreign.name}, of which the person is no member.`,
      { expected: 'the person’s own organizations alone', received: 'an organization of another person' },
    );
  },
});

export const selectionRequired = requirement({
  id: 'org-selection-required',
  level: 'MUST',
  profile: 'polar',
  source: [source],
  needs: ['organization', 'person', 'page'],
  statement: 'Allowing without a choice issues nothing.',
  how:
    'The page’s own form is sent with the choice removed, and with an empty and a malformed one, each from a fresh page: ' +
    'no code. The complete form gives a code.',
  next: 'Refuse the decision when it names no organization, whatever the page would have let through.',
  async check(context) {
    const { people } = context;
    const visit = await people.visit('first');
    const choices: readonly (readonly [string, Choice])[] = [
      ['Allowing without a choice', 'nothing'],
      ['Allowing with an empty choice', { value: '' }],
      ['Allowing with a malformed choice', { value: 'no-such-organization' }],
    ];
    for (const [what, choice] of choices) {
      const { offered } = await openChoice(context, visit);
      demandNoCode(context, await allowWith(visit, offered, choice), what);
    }
    await demandControl(context, visit);
  },
});

export const foreignRefused = requirement({
  id: 'org-foreign-refused',
  level: 'MUST',
  profile: 'polar',
  source: [source],
  needs: ['organization', 'person', 'second-person', 'page'],
  statement: 'An organization of which the person is no member cannot be chosen by a forged submission.',
  how:
    'The page’s own form is sent in the person’s session with the id of an organization of the second person in place ' +
    'of an offered one: no code. From a fresh page the unaltered form gives a code.',
  next: 'Compare the submitted organization with the memberships of the signed-in person.',
  async check(context) {
    const { people, target } = context;
    const foreign = foreignOrganization(target);
    const visit = await people.visit('first');
    await demandControl(context, visit);
    const { offered } = await openChoice(context, visit);
    const answer = await allowWith(visit, offered, { value: foreign.id });
    demandNoCode(context, answer, `Choosing ${foreign.name}, of which the person is no member,`);
    await demandControl(context, visit);
  },
});

export const consentSeparate = requirement({
  id: 'org-consent-separate',
  level: 'MUST',
  profile: 'polar',
  source: [source],
  needs: ['organization', 'person', 'page'],
  statement: 'Consent given as a user does not skip the choice of an organization.',
  how:
    'Scopes are allowed as a user. The same client and scopes with sub_type=organization: a page, and no code; with ' +
    'prompt=none an error.',
  next: 'Keep the consent of a person apart from that for an organization.',
  async check(context) {
    const { flow, people, expect } = context;
    const client = await flow.client();
    const scope = flow.apiScope(client, 'organization');
    await flow.code({ client, scope, note: 'allowed as a user' });
    const visit = await people.visit('first');
    const options = forOrganization(flow, client, null, { note: 'the same scopes for an organization' });
    const answer = await visit.open(options);
    demandNoCode(
      context,
      answer,
      'A request for an organization, of a client that the person allowed as a user,',
    );
    const quiet = await flow.authorize(
      forOrganization(flow, client, null, { params: { prompt: 'none' }, note: 'with prompt=none' }),
    );
    expect.authorizationRefused(quiet, 'a request for an organization with prompt=none');
  },
});

export const subTypeUnknown = requirement({
  id: 'org-sub-type-unknown',
  level: 'MUST',
  profile: 'polar',
  source: [source, rfc(6749, '4.1.2.1')],
  needs: ['person'],
  statement: 'An unknown sub_type is an error.',
  how:
    'With sub_type=user a code. With sub_type=planet: the error invalid_request at the redirect URI, or an error page; ' +
    'no code.',
  next: 'Refuse every sub_type other than user and organization with invalid_request.',
  async check({ flow, expect }) {
    await flow.code({ params: { sub_type: 'user' }, note: 'the valid twin: sub_type=user' });
    const answer = await flow.authorize({ params: { sub_type: 'planet' }, note: 'sub_type=planet' });
    expect.authorizationRefused(answer, 'a request with an unknown sub_type', ['invalid_request']);
  },
});
