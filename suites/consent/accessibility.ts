/** The pages tell a user who does not see them what their controls are. */
import { findControlWithoutRole, readNamedControls } from '../../fixtures/browser/accessibility-tree.js';
import {
  findAllowControl,
  findDenyControl,
  findPasswordField,
  findUsernameField,
} from '../../fixtures/browser/classify-page.js';
import { type Control, locateControl, readPage } from '../../fixtures/browser/controls.js';
import type { BrowserPage, Credentials } from '../../fixtures/browser/types.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { readPageLabels } from '../../fixtures/target/settings.js';
import { wcag } from '../clauses.js';
import { requirement } from '../requirement.js';
import { clientThatAsks, openConsent } from '../steps/consent.js';
import { isLogin } from '../steps/continue-to-redirect.js';
import { isNotTested, nullOn } from '../steps/signals.js';

export const a11yNames = requirement({
  id: 'consent-a11y-names',
  level: 'SHOULD',
  profile: 'polar',
  clauses: [wcag('4.1.2'), wcag('1.3.1'), wcag('3.3.2')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: 'Every control on the pages has a role and an accessible name.',
  how:
    "Reads the browser's accessibility tree of each login page and of the consent page. Expects a name for " +
    'every field, button, link and image, a role for everything that reacts to a click, and different ' +
    'names for the controls to allow and to deny. Leaves out frames of other origins.',
  hint: "Give each field a label, each button and link a text, and each image an alt (empty if it's decoration).",
  async check({ flow, users, target, expect, remark }) {
    const { options } = await clientThatAsks(flow);
    const judge = async ({ page }: BrowserPage, which: string) => {
      const controls = await readNamedControls(page);
      const nameless = controls.find(({ name }) => name === '');
      expect.that(nameless === undefined, `A control of the ${which} page has no accessible name.`, {
        expected: 'a name for every field, button, link and image',
        received: nameless === undefined ? '' : `${nameless.role} ${nameless.element} without a name`,
      });
      const roleless = await findControlWithoutRole(page);
      expect.none(
        roleless,
        `A control of the ${which} page has no role.`,
        'a button or link, or an element with that role',
      );
      remark(`The ${which} page has: ${controls.map(({ role, name }) => `${role} “${name}”`).join(', ')}.`);
    };

    const signedOut = await users.newPage('nobody');
    const login = await signedOut.openAuthorization(options);
    if (login.kind === 'stayed' && login.page.kind === 'login')
      await eachLoginStep(
        signedOut,
        login,
        await nullOn(isNotTested, () => users.credentials('first')),
        judge,
      );
    else remark(`There was no login page, but ${describeOutcome(login)}.`);

    const { visit } = await openConsent({ users, target }, options);
    await judge(visit, 'consent');
    const facts = await readPage(visit.page);
    const allow = findAllowControl(facts.controls, readPageLabels(target.settings))?.label ?? '';
    const deny = findDenyControl(facts.controls, readPageLabels(target.settings))?.label ?? null;
    expect.that(allow !== deny, 'The controls to allow and to deny have the same name.', {
      expected: 'names that tell them apart',
      received: `“${allow}” twice`,
    });
  },
});

/** More steps than a login has as a rule: name, password, one-time code. */
const MOST_STEPS = 3;

/** Judges the login page, and each further one that asks for something to sign in with. */
async function eachLoginStep(
  visit: BrowserPage,
  first: AuthorizationOutcome,
  credentials: Credentials | null,
  judge: (visit: BrowserPage, which: string) => Promise<void>,
): Promise<void> {
  let answer = first;
  for (let step = 0; step < MOST_STEPS && isLogin(answer); step += 1) {
    await judge(visit, step === 0 ? 'login' : 'next login');
    const { controls } = await readPage(visit.page);
    const username = findUsernameField(controls);
    const password = findPasswordField(controls);
    const field = password ?? username;
    if (credentials === null || field === undefined) return;
    const fill = (control: Control, value: string) => locateControl(visit.page, control).fill(value);
    answer = await visit.outcomeAfter(async (page) => {
      if (username !== undefined) await fill(username, credentials.username);
      if (password !== undefined) await fill(password, credentials.password);
      await locateControl(page, field).press('Enter', { noWaitAfter: true });
    });
  }
}
