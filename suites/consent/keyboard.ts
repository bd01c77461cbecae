/** The whole way from the request to the code, without a pointer. */
import type { Page } from '@playwright/test';
import { isEditable, isFocused } from '../../fixtures/browser/act-on-controls.js';
import {
  findAllowControl,
  findDenyControl,
  findPasswordField,
  findRequiredCheckboxes,
  findSubmitControl,
  findUsernameField,
} from '../../fixtures/browser/classify-page.js';
import { type Control, readPage } from '../../fixtures/browser/controls.js';
import { findDecisionRadios } from '../../fixtures/browser/decision-radios.js';
import { focusByTab, readLoadTime } from '../../fixtures/browser/keyboard.js';
import type { BrowserPage, Credentials } from '../../fixtures/browser/types.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCode } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { type PageLabels, readPageLabels } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';
import { wcag } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { clientThatAsks } from '../steps/consent.js';
import { continueToRedirect, isDecision, isLogin } from '../steps/continue-to-redirect.js';
import { openLogin } from '../steps/login.js';

/** No login or consent has more pages. */
const MAX_PAGES = 4;

export const a11yKeyboard = requirement({
  id: 'consent-a11y-keyboard',
  level: 'SHOULD',
  profile: 'polar',
  clauses: [wcag('2.1.1'), wcag('2.4.3')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: 'The whole flow works with the keyboard.',
  how:
    'A user signs in with the keyboard alone: Tab to each field, typing, and Enter. On the consent page, ' +
    'Tab reaches the controls to allow and to deny, and Enter (or Space) on the first gets a code. Expects ' +
    "everything to be reachable by Tab and to work by key. Doesn't judge a control that a click can't use " +
    'either, and passes offers in between (“Stay signed in?”) with a click.',
  hint: 'Use native buttons, links and fields, and keep them in the tab order.',
  async check(context) {
    const { flow, users, target, expect } = context;
    const credentials = users.credentials('first');
    const labels = readPageLabels(target.settings);
    const { options } = await clientThatAsks(flow);
    const visit = await users.newPage('nobody');
    let answer = await openLogin(visit, options);
    for (let page = 0; page < MAX_PAGES && isLogin(answer); page++) {
      answer = await signInByKeys(visit, credentials, labels, expect);
    }
    for (let page = 0; page < MAX_PAGES && isDecision(answer); page++) {
      answer = await allowByKeys(visit, labels, expect);
    }
    if (findCode(answer) !== null) return;
    // Whether a pointer does better tells a fault of the keyboard from one of the flow.
    requireCode(await continueToRedirect(visit, answer), 'Signing in and allowing');
    expect.that(false, 'The flow continues with a click, but not with a key.', {
      expected: 'a code with the keyboard alone',
      received: `${describeOutcome(answer)} by keyboard, a code by clicks`,
    });
  },
});

type Expect = CheckContext['expect'];

/** One page of the login: its fields by Tab and typing, then Enter in the last one or on the control that sends. */
async function signInByKeys(
  visit: BrowserPage,
  { username, password }: Credentials,
  labels: PageLabels | undefined,
  expect: Expect,
): Promise<AuthorizationOutcome> {
  const { controls } = await readPage(visit.page);
  const name = findUsernameField(controls, labels);
  const secret = findPasswordField(controls, labels);
  const last = secret ?? name;
  if (last === undefined) throw new NotTested('The login page has no field to type into.');
  const loads = await readLoadTime(visit.page);
  const answer = await visit.outcomeAfter(async (page) => {
    if (name !== undefined && (await isEditable(page, name))) {
      await typeText(page, name, username, 'field of the name', expect);
    }
    if (secret !== undefined) await typeText(page, secret, password, 'field of the password', expect);
    await page.keyboard.press('Enter');
  });
  const stayed = answer.kind === 'stayed' && answer.page.kind === 'login';
  if (!stayed || (await readLoadTime(visit.page)) !== loads) return answer;
  const submit = findSubmitControl((await readPage(visit.page)).controls, last, labels);
  return submit === undefined ? answer : pressByKeys(visit, submit, 'control that signs in', expect);
}

/** One page to allow: both controls can be reached, and the one to allow works. */
async function allowByKeys(
  visit: BrowserPage,
  labels: PageLabels | undefined,
  expect: Expect,
): Promise<AuthorizationOutcome> {
  const { controls } = await readPage(visit.page);
  const allow = findAllowControl(controls, labels);
  const deny = findDenyControl(controls, labels);
  if (allow === undefined || findDecisionRadios(controls) !== undefined)
    throw new NotTested('The page to allow has no control that could be pressed at once.');
  if (deny !== undefined) await reachByTab(visit.page, deny, 'control to deny', expect);
  for (const box of findRequiredCheckboxes(controls, allow)) {
    await reachByTab(visit.page, box, `box “${box.label}”`, expect);
    await visit.page.keyboard.press('Space');
  }
  return pressByKeys(visit, allow, 'control to allow', expect);
}

async function pressByKeys(
  visit: BrowserPage,
  control: Control,
  what: string,
  expect: Expect,
): Promise<AuthorizationOutcome> {
  const before = await readLoadTime(visit.page);
  await reachByTab(visit.page, control, what, expect);
  const answer = await visit.outcomeAfter((page) => page.keyboard.press('Enter'));
  if (answer.kind === 'redirected' || (await readLoadTime(visit.page)) !== before) return answer;
  if (!(await isFocused(visit.page, control))) return answer;
  return visit.outcomeAfter((page) => page.keyboard.press('Space'));
}

async function typeText(
  page: Page,
  field: Control,
  text: string,
  what: string,
  expect: Expect,
): Promise<void> {
  await reachByTab(page, field, what, expect);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

async function reachByTab(page: Page, control: Control, what: string, expect: Expect): Promise<void> {
  const steps = await focusByTab(page, control);
  expect.that(steps === null, `The ${what} cannot be reached with the keyboard.`, {
    expected: `Tab reaches the ${what}`,
    received: `“${control.label || control.name}” never had the focus in ${steps} steps`,
  });
}
