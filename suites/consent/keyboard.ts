/** The whole way from the request to the code, without a pointer. */

import type { Page } from '@playwright/test';
import { codeIn } from '../../fixtures/flow/answer.js';
import type { Answer } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import { type Control, locate, readPage } from '../../fixtures/person/controls.js';
import {
  allowControl,
  boxesToTick,
  denyControl,
  passwordField,
  submitControl,
  usernameField,
} from '../../fixtures/person/kind.js';
import type { Credentials, Visit } from '../../fixtures/person/types.js';
import { labelsOf, type PageSettings } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';
import { isDecision, isLogin, onwards } from '../authz/onwards.js';
import { type CheckContext, requirement } from '../requirement.js';
import { wcag } from '../sources.js';
import { requireCode } from '../steps/codes.js';
import { openLogin } from '../steps/login.js';
import { askingClient } from './steps.js';

/** More pages than that no login or consent has. */
const MOST_PAGES = 4;

export const a11yKeyboard = requirement({
  id: 'consent-a11y-keyboard',
  level: 'SHOULD',
  profile: 'polar',
  source: [wcag('2.1.1'), wcag('2.4.3')],
  needs: ['person', 'page', 'client'],
  byBrowser: true,
  statement: 'The whole flow works by keyboard.',
  how:
    'A visitor signs in with the keyboard alone: Tab to each field, typing, and Enter. On the consent page Tab reaches ' +
    'the control to allow and the one to deny, and Enter (or Space) on the first ends with a code. What Tab does not ' +
    'reach, or what only a pointer can press, is a finding; a control that a click does not work either is none.',
  next: 'Use native buttons, links and fields, and take none of them out of the tab order.',
  async check(context) {
    const { flow, people, target, expect } = context;
    const credentials = people.credentials('first');
    const labels = labelsOf(target.settings);
    const { options } = await askingClient(flow);
    const visit = await people.visit('nobody');
    let answer = await openLogin(visit, options);
    for (let page = 0; page < MOST_PAGES && isLogin(answer); page++) {
      answer = await signInByKeys(visit, credentials, labels, expect);
    }
    for (let page = 0; page < MOST_PAGES && isDecision(answer); page++) {
      answer = await allowByKeys(visit, labels, expect);
    }
    if (codeIn(answer) !== null) return;
    // Whether a pointer does better tells a fault of the keyboard from one of the flow.
    requireCode(await onwards(visit, answer), 'Signing in and allowing');
    expect.that(false, 'The flow goes on by a click only, not by a key.', {
      expected: 'a code by keyboard alone',
      received: `${whereItEnded(answer)} by keyboard, a code by clicks`,
    });
  },
});

type Expect = CheckContext['expect'];

/** One page of the login: its fields by Tab and typing, then Enter in the last one or on the control that sends. */
async function signInByKeys(
  visit: Visit,
  { username, password }: Credentials,
  labels: PageSettings | undefined,
  expect: Expect,
): Promise<Answer> {
  const { controls } = await readPage(visit.page);
  const name = usernameField(controls, labels);
  const secret = passwordField(controls, labels);
  const last = secret ?? name;
  if (last === undefined) throw new NotTested('The login page has no field to type into.');
  const loads = await loadedAt(visit.page);
  const answer = await visit.act(async (page) => {
    if (name !== undefined && (await locate(page, name).isEditable())) {
      await type(page, name, username, 'field of the name', expect);
    }
    if (secret !== undefined) await type(page, secret, password, 'field of the password', expect);
    await page.keyboard.press('Enter');
  });
  const stayed = answer.kind === 'stayed' && answer.page.kind === 'login';
  if (!stayed || (await loadedAt(visit.page)) !== loads) return answer;
  const submit = submitControl((await readPage(visit.page)).controls, last, labels);
  return submit === undefined ? answer : pressByKeys(visit, submit, 'control that signs in', expect);
}

/** One page to allow: both controls can be reached, and the one to allow works. */
async function allowByKeys(visit: Visit, labels: PageSettings | undefined, expect: Expect): Promise<Answer> {
  const { controls } = await readPage(visit.page);
  const allow = allowControl(controls, labels);
  const deny = denyControl(controls, labels);
  if (allow === undefined)
    throw new NotTested('The page to allow has no control that could be pressed at once.');
  if (deny !== undefined) await reach(visit.page, deny, 'control to deny', expect);
  for (const box of boxesToTick(controls, allow)) {
    await reach(visit.page, box, `box “${box.label}”`, expect);
    await visit.page.keyboard.press('Space');
  }
  return pressByKeys(visit, allow, 'control to allow', expect);
}

async function pressByKeys(visit: Visit, control: Control, what: string, expect: Expect): Promise<Answer> {
  const before = await loadedAt(visit.page);
  await reach(visit.page, control, what, expect);
  const answer = await visit.act((page) => page.keyboard.press('Enter'));
  if (answer.kind === 'redirected' || (await loadedAt(visit.page)) !== before) return answer;
  if (!(await isFocused(visit.page, control))) return answer;
  return visit.act((page) => page.keyboard.press('Space'));
}

async function type(page: Page, field: Control, text: string, what: string, expect: Expect): Promise<void> {
  await reach(page, field, what, expect);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** Goes on by Tab until the control has the focus, once around the page at most. */
async function reach(page: Page, control: Control, what: string, expect: Expect): Promise<void> {
  const stops = await page
    .locator('a[href], button, input, select, textarea, summary, iframe, [tabindex]')
    .count();
  for (let stop = 0; stop < stops + 4; stop++) {
    if (await isFocused(page, control)) return;
    await page.keyboard.press('Tab');
  }
  expect.that(false, `The ${what} cannot be reached by the keyboard.`, {
    expected: `Tab reaches the ${what}`,
    received: `“${control.label || control.name}” never had the focus in ${stops + 4} steps`,
  });
}

/** The focus may be in a shadow tree, or on something within the control. */
function isFocused(page: Page, control: Control): Promise<boolean> {
  return locate(page, control).evaluate((element) => {
    const root = element.getRootNode();
    const focused = root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
    return focused !== null && element.contains(focused);
  });
}

/** Tells one document from the next. */
function loadedAt(page: Page): Promise<number> {
  return page.evaluate(() => performance.timeOrigin);
}
