/** The redirect URI of the lessons: shows what came, and explains each parameter. */
import { html } from 'hono/html';
import type { Values } from '../../lessons/values.js';
import type { StateMatch } from '../../watcher/states-seen.js';
import { meaningOf } from './error-codes.js';
import { copyButton, type Markup, revealForm, spoken } from './markup.js';
import { holdsSecret } from './secrets.js';

/** Always hidden, whether the tutorial knows the value or not. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set(['code', 'access_token', 'refresh_token', 'id_token']);

export interface Callback {
  readonly query: URLSearchParams;
  readonly values: Values;
  /** @returns which of the learner's requests had this state */
  readonly matchState: (state: string) => StateMatch;
  /** The URL of this page without its query. */
  readonly address: string;
  readonly token: string;
  /** The parameter that the learner revealed. */
  readonly revealed: string | null;
}

export function callbackMain(callback: Callback): Markup {
  const { query } = callback;
  const names = [...new Set(query.keys())];
  return html`<main id="top" tabindex="-1">
<p class="eyebrow">Callback: the redirect URI of the lessons</p>
<h1>${titleOf(query)}</h1>
${names.length === 0 ? nothing(callback.address) : html`<dl class="parameters">${names.map((name) => parameter(name, callback))}</dl>`}
${query.has('error') || !names.includes('code') ? null : html`<p>In your own app, this page would be the app: it compares state, takes the code and redeems it right away.</p>`}
${names.length > 0 && !query.has('state') ? html`<p class="bad">${spoken('Attention: ')}state is missing. Without it your client can’t tell whether this answers its own request.</p>` : null}
<p><a href="/">Back to the lesson</a></p>
</main>`;
}

function titleOf(query: URLSearchParams): string {
  if (query.has('error')) return 'The server sent an error';
  return query.has('code') ? 'You received a code' : 'Nothing here yet';
}

const nothing = (address: string): Markup =>
  html`<p>Register <code>${address}</code> as a redirect URI. After a user signs in and decides, the server sends the browser here with a code or an error, and this page explains each part.</p>`;

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
${all.length > 1 ? html`<p class="bad">It appears ${all.length} times. A parameter may appear only once (RFC 6749 §3.1): reject such a response.</p>` : null}
${explained(name, value, callback)}</dd>`;
}

function explained(name: string, value: string, { values, matchState }: Callback): Markup {
  switch (name) {
    case 'code':
      return html`<p>Your client exchanges it for tokens: once, and within ten minutes here (RFC 6749 §4.1.2).</p>`;
    case 'state':
      return stateExplained(matchState(value));
    case 'iss':
      return value === values.ISSUER
        ? html`<p class="good">✓ It’s the issuer you asked. A client of several servers compares it (RFC 9207 §2.4).</p>`
        : html`<p class="bad">✗ It isn’t the issuer you asked, which is <code>${values.ISSUER}</code>: reject this response (RFC 9207 §2.4).</p>`;
    case 'error':
      return errorExplained(value);
    case 'error_description':
      return html`<p>The server’s own words, for developers. Don’t show them to users, and don’t write code that depends on them.</p>`;
    case 'error_uri':
      return html`<p>The server says this page explains the error. It isn’t a link here, because anyone could have made this URL.</p>`;
    default:
      return html`<p>The lessons don’t use this one. A client ignores parameters it doesn’t know (RFC 6749 §4.1.2).</p>`;
  }
}

function stateExplained(match: StateMatch): Markup {
  switch (match) {
    case 'last':
      return html`<p class="good">✓ It equals the state of your last authorization request: this is the response to it.</p>`;
    case 'earlier':
      return html`<p class="bad">✗ It’s the state of an earlier authorization request, not of your last one. An app would reject this response.</p>`;
    case 'none':
      return html`<p class="bad">✗ No authorization request with this state reached the server. Someone may have planted this response: reject it (RFC 6749 §10.12).</p>`;
  }
}

function errorExplained(code: string): Markup {
  const meaning = meaningOf(code);
  return meaning === null
    ? html`<p>Neither RFC 6749 nor OpenID Connect Core defines this error. Treat it as a refusal; the server’s documentation may say more.</p>`
    : html`<p>${meaning.text} (${meaning.clause})</p>`;
}
