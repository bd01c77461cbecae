/** Forms of the server's pages, as another site would imitate them. */
import { captureSubmission, type Form } from '../../fixtures/browser/capture-form.js';
import {
  findAllowControl,
  findPasswordField,
  findRequiredCheckboxes,
  findSubmitControl,
  findUsernameField,
} from '../../fixtures/browser/classify-page.js';
import { locateControl, readPage } from '../../fixtures/browser/controls.js';
import { findDecisionRadios } from '../../fixtures/browser/decision-radios.js';
import type { BrowserPage, Credentials } from '../../fixtures/browser/types.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { escapeHtml } from '../../fixtures/output/escape-html.js';
import type { PageLabels } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';

/** @returns what the control to allow would send; nothing is sent */
export async function decisionForm({ page }: BrowserPage, labels?: PageLabels): Promise<Form> {
  const { controls } = await readPage(page);
  const radios = findDecisionRadios(controls);
  const control = radios?.submit ?? findAllowControl(controls, labels);
  if (control === undefined) throw new Error('The consent page has no control to allow.');
  for (const box of [...findRequiredCheckboxes(controls, control), ...(radios?.allow ?? [])])
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

/** A form that another site can send, and what it has. */
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
  const emptied = theirs.fields.map((field): Form['fields'][number] =>
    fields.includes(field) ? field : [field[0], ''],
  );
  return [
    { form: { ...theirs, fields }, words: 'without the fields that only the page knows' },
    { form: { ...theirs, fields: emptied }, words: 'with the fields that only the page knows left empty' },
    whole,
  ];
}

/** The same by GET: a cookie that is kept from the forms of other sites comes along with their links. */
export function asLink({ form, words }: ForgedForm): ForgedForm {
  const url = new URL(form.url);
  const fields: Form['fields'] = [...url.searchParams, ...form.fields];
  return { form: { ...form, method: 'get', fields }, words: `${words}, by GET` };
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
