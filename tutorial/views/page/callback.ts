/** The redirect URI of the lessons: what has come there, each parameter explained. */
import { html } from 'hono/html';
import type { Values } from '../../lessons/values.js';
import { meaningOf } from './error-codes.js';
import { copyButton, type Markup, revealForm, spoken } from './markup.js';
import { holdsSecret } from './secrets.js';

/** These are hidden whether they are known or not. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set(['code', 'access_token', 'refresh_token', 'id_token']);

export interface Callback {
  readonly query: URLSearchParams;
  readonly values: Values;
  /** Of this page, without its query. */
  readonly address: string;
  readonly token: string;
  /** The parameter that was asked to be shown. */
  readonly revealed: string | null;
}

export function callbackMain(callback: Callback): Markup {
  const { query } = callback;
  const names = [...new Set(query.keys())];
  return html`<main id="top" tabindex="-1">
<p class="eyebrow">Callback: the redirect URI of the lessons</p>
<h1>${titleOf(query)}</h1>
${names.length === 0 ? nothing(callback.address) : html`<dl class="parameters">${names.map((name) => parameter(name, callback))}</dl>`}
${query.has('error') || !names.includes('code') ? null : html`<p>In an app of yours this page would be the app: it compares state, takes the code and redeems it at once.</p>`}
${names.length > 0 && !query.has('state') ? html`<p class="bad">${spoken('Attention: ')}state is missing. Without it your client cannot tell whether this answers a request of its own.</p>` : null}
<p><a href="/">Back to the lesson</a></p>
</main>`;
}

function titleOf(query: URLSearchParams): string {
  if (query.has('error')) return 'The server sent an error';
  return query.has('code') ? 'A code has arrived' : 'Nothing has arrived here';
}

const nothing = (address: string): Markup =>
  html`<p>Register <code>${address}</code> as redirect_uri. After somebody has signed in and decided, the server sends the browser here, with a code or an error. Then this page tells what each part means.</p>`;

function parameter(name: string, callback: Callback): Markup {
  const { query, values, token, revealed } = callback;
  const all = query.getAll(name);
  const [value = ''] = all;
  const isHidden = (SECRET_PARAMETERS.has(name) || holdsSecret(value, values)) && revealed !== name;
  return html`<dt><code>${name}</code></dt><dd>
${
  isHidden
    ? revealForm(token, name, null)
    : html`<p><code class="value">${value}</code> ${name === 'code' || name === 'state' ? copyButton(name) : null}</p>`
}
${all.length > 1 ? html`<p class="bad">It is there ${all.length} times. A parameter may stand there once (RFC 6749 §3.1): take such an answer for none.</p>` : null}
${explained(name, value, values)}</dd>`;
}

function explained(name: string, value: string, values: Values): Markup {
  switch (name) {
    case 'code':
      return html`<p>Your client redeems it for tokens: once, and within ten minutes here (RFC 6749 §4.1.2).</p>`;
    case 'state':
      return stateExplained(value, values.STATE);
    case 'iss':
      return value === values.ISSUER
        ? html`<p class="good">✓ It is the issuer that you asked. A client of several servers compares it (RFC 9207 §2.4).</p>`
        : html`<p class="bad">✗ It is not the issuer that you asked, which is <code>${values.ISSUER}</code>: refuse this answer (RFC 9207 §2.4).</p>`;
    case 'error':
      return errorExplained(value);
    case 'error_description':
      return html`<p>The server’s own words, for developers: do not show them to users, and do not build on them.</p>`;
    case 'error_uri':
      return html`<p>A page about the error, says the server. It is not a link here: whoever made this address could have put anything there.</p>`;
    default:
      return html`<p>Not known to the lessons. A client ignores what it does not know (RFC 6749 §4.1.2).</p>`;
  }
}

function stateExplained(value: string, handedOut: string | undefined): Markup {
  if (value === handedOut) {
    return html`<p class="good">✓ It equals the state that the tutorial handed out: this answers your own request.</p>`;
  }
  return html`<p class="bad">✗ It is not the state that the tutorial handed out${handedOut === undefined ? null : html`, <code>${handedOut}</code>`}. If you chose one of your own, compare it with that. Otherwise somebody may have planted this answer: refuse it (RFC 6749 §10.12).</p>`;
}

function errorExplained(code: string): Markup {
  const meaning = meaningOf(code);
  return meaning === null
    ? html`<p>Neither RFC 6749 nor OpenID Connect Core defines this error. Take it for a refusal; the server’s documentation may say more.</p>`
    : html`<p>${meaning.text} (${meaning.clause})</p>`;
}
