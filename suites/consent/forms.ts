/** Forms of the server's pages, as another site would imitate them. */
import type { Page } from '@playwright/test';
import type { Answer } from '../../fixtures/flow/types.js';
import { type Control, locate, readPage } from '../../fixtures/person/controls.js';
import {
  allowControl,
  boxesToTick,
  passwordField,
  submitControl,
  usernameField,
} from '../../fixtures/person/kind.js';
import type { Credentials, Visit } from '../../fixtures/person/types.js';
import { escaped } from '../../fixtures/person/visit.js';
import type { PageSettings } from '../../fixtures/target/settings.js';
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
export async function decisionForm({ page }: Visit, labels?: PageSettings): Promise<Form> {
  const { controls } = await readPage(page);
  const control = allowControl(controls, labels);
  if (control === undefined) throw new Error('The consent page has no control to allow.');
  for (const box of boxesToTick(controls, control)) await locate(page, box).dispatchEvent('click');
  return (await pressed(page, control)) ?? notByForm('decision');
}

/** @returns what the login page would send for these credentials; nothing is sent */
export async function loginForm(
  { page }: Visit,
  { username, password }: Credentials,
  labels?: PageSettings,
): Promise<Form> {
  const { controls } = await readPage(page);
  const name = usernameField(controls, labels);
  const secret = passwordField(controls, labels);
  if (name === undefined || secret === undefined) {
    throw new NotTested('The login takes several steps, which a form of another site cannot imitate.');
  }
  await locate(page, name).fill(username);
  await locate(page, secret).fill(password);
  const control = submitControl(controls, secret, labels) ?? secret;
  return (await pressed(page, control)) ?? notByForm('login');
}

function notByForm(what: string): never {
  throw new NotTested(
    `The ${what} is not sent by a form but by a script, which another site cannot imitate here.`,
  );
}

/**
 * Presses a control and keeps the form that it submits from being sent.
 * @returns null where it submits none: nothing was sent in time, or a script left the page instead
 */
async function pressed(page: Page, control: Control): Promise<Form | null> {
  const place = locate(page, control);
  if (control.kind === 'link') return linkAsForm(await place.evaluate(hrefOf));
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

const hrefOf = (element: Element): string => (element instanceof HTMLAnchorElement ? element.href : '');

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
export interface Forgery {
  readonly form: Form;
  readonly words: string;
}

/**
 * What an attacker can send in another person's browser.
 * @param theirs the form of the same request in a session of the attacker's
 * @param own the form in the victim's session, which tells the fields that an attacker cannot know
 */
export function forgeries(theirs: Form, own: Form): readonly Forgery[] {
  const known = new Set(own.fields.map((field) => JSON.stringify(field)));
  const fields = theirs.fields.filter((field) => known.has(JSON.stringify(field)));
  const whole = { form: theirs, words: 'with the fields of a page that the attacker opened' };
  if (fields.length === theirs.fields.length) return [whole];
  return [{ form: { ...theirs, fields }, words: 'without the fields that only the page knows' }, whole];
}

/** Shows the person a page of another site, which sends the form at once. */
export async function sendFromElsewhere(visit: Visit, form: Form): Promise<Answer> {
  // With the scheme of the server, so that the browser does not warn of the form.
  const attacker = `${new URL(form.url).protocol}//attacker.example/`;
  await visit.serve(
    attacker,
    `<!doctype html><title>Another site</title>${markupOf(form)}
<script>HTMLFormElement.prototype.submit.call(document.forms[0])</script>`,
  );
  return visit.act(async (page) => {
    await page.goto(attacker, { waitUntil: 'commit' });
  });
}

/** Sends the copy of a form from the page that it was taken from. */
export function sendFromHere(visit: Visit, form: Form): Promise<Answer> {
  return visit.act((page) =>
    page.evaluate((markup) => {
      const template = document.createElement('template');
      template.innerHTML = markup;
      const copy = template.content.querySelector('form');
      if (copy === null) return;
      document.body.append(copy);
      HTMLFormElement.prototype.submit.call(copy);
    }, markupOf(form)),
  );
}

function markupOf({ url, method, enctype, fields }: Form): string {
  const inputs = fields.map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return `<form method="${method}" action="${escaped(url)}" enctype="${escaped(enctype)}">${inputs.join('')}</form>`;
}
