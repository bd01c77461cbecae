/** Forms of the server's pages, as another site would imitate them. */
import type { Page } from '@playwright/test';
import {
  findAllowControl,
  findPasswordField,
  findRequiredCheckboxes,
  findSubmitControl,
  findUsernameField,
} from '../../fixtures/browser/classify-page.js';
import { type Control, locateControl, readPage } from '../../fixtures/browser/controls.js';
import type { BrowserPage, Credentials } from '../../fixtures/browser/types.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { escapeHtml } from '../../fixtures/output/escape-html.js';
import type { PageLabels } from '../../fixtures/target/settings.js';
import { stretched } from '../../fixtures/time/deadline.js';
import { NotTested } from '../../fixtures/verdict.js';

/** What a form would send. */
export interface Form {
  readonly url: string;
  readonly method: 'get' | 'post';
  readonly enctype: string;
  readonly fields: readonly (readonly [string, string])[];
}

const PRESS_MS = 1_000;

/** @returns what the control to allow would send; nothing is sent */
export async function decisionForm({ page }: BrowserPage, labels?: PageLabels): Promise<Form> {
  const { controls } = await readPage(page);
  const control = findAllowControl(controls, labels);
  if (control === undefined) throw new Error('The consent page has no control to allow.');
  for (const box of findRequiredCheckboxes(controls, control))
    await locateControl(page, box).dispatchEvent('click');
  return (await captureSubmission(page, control)) ?? throwNotByForm('decision');
}

/** @returns what the login page would send for these credentials; nothing is sent */
export async function loginForm(
  { page }: BrowserPage,
  { username, password }: Credentials,
  labels?: PageLabels,
): Promise<Form> {
  const { controls } = await readPage(page);
  const name = findUsernameField(controls, labels);
  const secret = findPasswordField(controls, labels);
  if (name === undefined || secret === undefined) {
    throw new NotTested('The login takes several steps, which a form of another site cannot imitate.');
  }
  await locateControl(page, name).fill(username);
  await locateControl(page, secret).fill(password);
  const control = findSubmitControl(controls, secret, labels) ?? secret;
  return (await captureSubmission(page, control)) ?? throwNotByForm('login');
}

function throwNotByForm(what: string): never {
  throw new NotTested(
    `The ${what} is not sent by a form but by a script, which another site cannot imitate here.`,
  );
}

/**
 * Presses a control and keeps the form that it submits from being sent.
 * @returns null where it submits none: nothing was sent in time, or a script left the page instead
 */
async function captureSubmission(page: Page, control: Control): Promise<Form | null> {
  const place = locateControl(page, control);
  if (control.kind === 'link') return linkAsForm(await place.evaluate(readHref));
  const heard = await page.evaluateHandle(hearSubmission);
  if (control.kind === 'button') await place.click({ force: true, noWaitAfter: true });
  else await place.press('Enter', { noWaitAfter: true });
  try {
    // The time counts from when the control was pressed, however long that took.
    return await heard.evaluate((submission, limit) => submission.within(limit), stretched(PRESS_MS));
  } catch (error) {
    if (LEFT.test(String(error))) return null;
    throw error;
  }
}

/** What Playwright says when another document has taken the page's place. */
const LEFT = /context was destroyed|because of a navigation/i;

const readHref = (element: Element): string => (element instanceof HTMLAnchorElement ? element.href : '');

function linkAsForm(href: string): Form | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  const fields = [...url.searchParams];
  url.search = '';
  return { url: url.href, method: 'get', enctype: '', fields };
}

interface Submission {
  /** @returns the form; null when none was submitted so many milliseconds from now */
  within(limit: number): Promise<Form | null>;
}

/**
 * Runs in the page, so it uses nothing outside itself. It hears of the form before the page's own scripts do, and of
 * one that a script sends.
 */
function hearSubmission(): Submission {
  const { submit } = HTMLFormElement.prototype;
  let tell: (form: Form | null) => void = () => undefined;
  const form = new Promise<Form | null>((resolve) => {
    tell = resolve;
  });
  const done = (found: Form | null) => {
    HTMLFormElement.prototype.submit = submit;
    window.removeEventListener('submit', hear, true);
    tell(found);
  };
  const read = (found: HTMLFormElement, submitter: HTMLElement | null): Form => {
    const said = (name: string) => submitter?.getAttribute(`form${name}`) ?? found.getAttribute(name) ?? '';
    const fields: [string, string][] = [];
    for (const [name, value] of new FormData(found, submitter)) {
      if (typeof value === 'string') fields.push([name, value]);
    }
    return {
      url: new URL(said('action'), document.baseURI).href,
      method: said('method').toLowerCase() === 'post' ? 'post' : 'get',
      enctype: said('enctype'),
      fields,
    };
  };
  const hear = (event: SubmitEvent) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    done(read(event.target, event.submitter));
  };
  window.addEventListener('submit', hear, true);
  HTMLFormElement.prototype.submit = function () {
    done(read(this, null));
  };
  return {
    within: (limit) => {
      setTimeout(done, limit, null);
      return form;
    },
  };
}

/** A form that another site can send, and what it stands on. */
interface ForgedForm {
  readonly form: Form;
  readonly words: string;
}

/**
 * What an attacker can send in another user's browser.
 * @param theirs the form of the same request in a session of the attacker's
 * @param own the form in the victim's session, which tells the fields that an attacker cannot know
 */
export function forgeForms(theirs: Form, own: Form): readonly ForgedForm[] {
  const known = new Set(own.fields.map((field) => JSON.stringify(field)));
  const fields = theirs.fields.filter((field) => known.has(JSON.stringify(field)));
  const whole = { form: theirs, words: 'with the fields of a page that the attacker opened' };
  if (fields.length === theirs.fields.length) return [whole];
  return [{ form: { ...theirs, fields }, words: 'without the fields that only the page knows' }, whole];
}

/** Shows the user a page of another site, which sends the form at once. */
export async function submitCrossSite(visit: BrowserPage, form: Form): Promise<AuthorizationOutcome> {
  // With the scheme of the server, so that the browser does not warn of the form.
  const attacker = `${new URL(form.url).protocol}//attacker.example/`;
  await visit.serveSite(
    attacker,
    `<!doctype html><title>Another site</title>${renderForm(form)}
<script>HTMLFormElement.prototype.submit.call(document.forms[0])</script>`,
  );
  return visit.outcomeAfter(async (page) => {
    await page.goto(attacker, { waitUntil: 'commit' });
  });
}

/** Sends the copy of a form from the page that it was taken from. */
export function submitSameSite(visit: BrowserPage, form: Form): Promise<AuthorizationOutcome> {
  return visit.outcomeAfter((page) =>
    page.evaluate((markup) => {
      const template = document.createElement('template');
      template.innerHTML = markup;
      const copy = template.content.querySelector('form');
      if (copy === null) return;
      document.body.append(copy);
      HTMLFormElement.prototype.submit.call(copy);
    }, renderForm(form)),
  );
}

function renderForm({ url, method, enctype, fields }: Form): string {
  const inputs = fields.map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<form method="${method}" action="${escapeHtml(url)}" enctype="${escapeHtml(enctype)}">${inputs.join('')}</form>`;
}
