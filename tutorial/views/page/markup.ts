/** Pieces of markup that all pages use; `html` escapes whatever is put into them. */
import { html } from 'hono/html';
import type { Clause } from '../../watcher/feedback.js';

export type Markup = ReturnType<typeof html>;

/** A form of one button, whose fields are hidden. */
export interface Action {
  /** Stays the same from one rendering to the next: focus follows it. */
  readonly id: string;
  readonly path: string;
  readonly label: string | Markup;
  readonly fields?: Readonly<Record<string, string>>;
  readonly isPrimary?: boolean;
  readonly isCurrent?: boolean;
}

/** @param token of this process; a request without it does nothing */
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
 * Asks for a secret value, which is not in the page.
 * @param action without one the form goes to the address of the page, whose query it then need not repeat
 */
export function revealForm(token: string, name: string, action: Markup | null): Markup {
  return html`<form method="post"${action} data-reveal>${hiddenToken(token)}<input type="hidden" name="name" value="${name}"><button id="reveal-${name}" class="small">Reveal${spoken(` ${name}`)}</button> ${copyButton(name)}</form>`;
}

/** Appears with scripts; copies what the form about it reveals, or else what stands before it. */
export const copyButton = (what: string): Markup =>
  html`<button type="button" class="copy small" hidden>Copy${spoken(` ${what}`)}</button>`;

/** For people who hear the page. */
export const spoken = (text: string): Markup => html`<span class="spoken">${text}</span>`;

/** The deciding clause, and the requirement of the catalog. */
export function source(clause: Clause | null, requirement: string | null): Markup {
  const text =
    clause === null
      ? null
      : clause.url === null
        ? html`${clause.text}`
        : html`<a href="${clause.url}" rel="noreferrer">${clause.text}</a>`;
  return html`<span class="source">${text}${requirement === null ? null : html` <code>${requirement}</code>`}</span>`;
}
