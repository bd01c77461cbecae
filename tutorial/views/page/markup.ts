/** Markup that all pages use; `html` escapes every inserted value. */
import { html } from 'hono/html';
import type { Clause } from '../../watcher/feedback.js';

export type Markup = ReturnType<typeof html>;

/** A form with one button and hidden fields. */
export interface Action {
  /** The same in every rendering, so that focus stays on it. */
  readonly id: string;
  readonly path: string;
  readonly label: string | Markup;
  readonly fields?: Readonly<Record<string, string>>;
  readonly isPrimary?: boolean;
  readonly isCurrent?: boolean;
}

/** @param token of this process; requests need it */
export const hiddenToken = (token: string): Markup =>
  html`<input type="hidden" name="token" value="${token}">`;

export function actionForm(token: string, action: Action): Markup {
  const { id, path, label, fields = {}, isPrimary = false, isCurrent = false } = action;
  return html`<form method="post" action="${path}" data-live>${hiddenToken(token)}${Object.entries(
    fields,
  ).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button id="${id}" class="${isPrimary ? 'primary' : ''}"${isCurrent ? html` aria-current="step"` : ''}>${label}</button></form>`;
}

/**
 * A form that reveals a secret value, which isn't in the page.
 * @param action null to submit the form to the page's own URL, including its query
 */
export function revealForm(token: string, name: string, action: Markup | null): Markup {
  return html`<form method="post"${action} data-reveal>${hiddenToken(token)}<input type="hidden" name="name" value="${name}"><button id="reveal-${name}" class="small">Reveal${spoken(` ${name}`)}</button> ${copyButton(name)}</form>`;
}

/** Appears only with scripts; copies what its form reveals, or otherwise the element before it. */
export const copyButton = (what: string): Markup =>
  html`<button type="button" class="copy small" hidden>Copy${spoken(` ${what}`)}</button>`;

/** Text with its URLs as links. */
export function linked(text: string): Markup {
  const parts = text.split(/(http:\/\/localhost:\d+(?:\/(?!callback|operator\/)[\w/.-]*\w)?)(?![\w/])/);
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<a href="${part}" rel="noreferrer">${part}</a>`))}`;
}

/** For screen readers only. */
export const spoken = (text: string): Markup => html`<span class="spoken">${text}</span>`;

/** The deciding clause, and the requirement in the catalog. */
export function source(clause: Clause | null, requirement: string | null): Markup {
  const text =
    clause === null
      ? null
      : clause.url === null
        ? html`${clause.text}`
        : html`<a href="${clause.url}" rel="noreferrer">${clause.text}</a>`;
  return html`<span class="source">${text}${requirement === null ? null : html` <code>${requirement}</code>`}</span>`;
}
