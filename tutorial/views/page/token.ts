/** Shows an ID Token: header, claims, and the result of each verification step. */
import { html } from 'hono/html';
import { hiddenToken, type Markup, spoken } from './markup.js';

/** What a readable token says. */
export interface TokenExplanation {
  readonly header: Readonly<Record<string, unknown>>;
  /** Each claim: its value, formatted, and its meaning. */
  readonly explained: readonly { readonly name: string; readonly value: string; readonly text: string }[];
  /** By their numbers in OIDC Core §3.1.3.7. */
  readonly steps: readonly { readonly step: number; readonly ok: boolean; readonly text: string }[];
}

/** @returns what the token says; null if it isn't an ID Token */
export type ExplainToken = (token: string) => Promise<TokenExplanation | null>;

export interface TokenPage {
  /** null: there is no token to explain yet. */
  readonly explained: { readonly explanation: TokenExplanation | null; readonly isNoticed: boolean } | null;
  /** The current lesson's exercise with ID Tokens, if it has one. */
  readonly flaws: Markup | null;
  /** Of this process, against requests from elsewhere. */
  readonly token: string;
}

export function tokenMain({ explained, flaws, token }: TokenPage): Markup {
  return html`<main id="top" tabindex="-1">
<p class="eyebrow">ID Token: decoded and verified on your machine</p>
<h1>${titleOf(explained)}</h1>
${explained === null ? html`<p>The token endpoint hasn’t issued one yet. Redeem a code with the scope openid, or paste a token.</p>` : told(explained.explanation)}
${flaws}
<section aria-labelledby="paste"><h2 id="paste">Another token</h2>
<form method="post" action="/token">${hiddenToken(token)}
<label for="id_token">ID Token</label>
<textarea id="id_token" name="id_token" rows="4" required autocomplete="off" spellcheck="false"></textarea>
<p><button id="explain">Decode it</button></p></form>
<p>It stays on this machine and isn’t saved.</p></section>
<p><a href="/">Back to the lesson</a></p>
</main>`;
}

function titleOf(explained: TokenPage['explained']): string {
  if (explained === null) return 'No ID Token yet';
  return explained.isNoticed ? 'The last ID Token' : 'Your ID Token';
}

function told(explanation: TokenExplanation | null): Markup {
  if (explanation === null) {
    return html`<p class="bad" role="alert">This isn’t an ID Token: it should have three parts joined by dots. Did you copy all of it?</p>`;
  }
  const { header, explained, steps } = explanation;
  return html`${stepList(steps)}
<section aria-labelledby="header"><h2 id="header">Header</h2><dl class="parameters">${Object.entries(
    header,
  ).map(([name, value]) => member(name, JSON.stringify(value), HEADER.get(name) ?? ''))}</dl></section>
<section aria-labelledby="claims"><h2 id="claims">Claims</h2><dl class="parameters">${explained.map(
    ({ name, value, text }) => member(name, value, text),
  )}</dl></section>`;
}

function stepList(steps: TokenExplanation['steps']): Markup {
  const failed = steps.filter(({ ok }) => !ok).length;
  return html`<section aria-labelledby="steps"><h2 id="steps">Verification: ${failed === 0 ? 'every step passes' : `${failed} of ${steps.length} steps fail`}</h2>
<p>The steps are those of OpenID Connect Core §3.1.3.7, by their numbers there.</p>
<ol class="goals">${steps.map(
    ({ step, ok, text }) =>
      html`<li class="${ok ? 'reached' : 'failed'}"><span class="tick" aria-hidden="true">${ok ? '✓' : '✗'}</span><p><b>${step}.</b> ${ok ? spoken('Passes: ') : html`<strong class="bad">Fails:</strong> `}${text}</p></li>`,
  )}</ol></section>`;
}

/** A map, because the names come from whoever wrote the token. */
const HEADER: ReadonlyMap<string, string> = new Map([
  ['alg', 'The signature algorithm.'],
  ['kid', 'Which of the server’s keys signed it.'],
  ['typ', 'The type of token.'],
]);

const member = (name: string, value: string, text: string): Markup =>
  html`<dt><code>${name}</code></dt><dd><code class="value">${value}</code>${text === '' ? null : html`<p>${text}</p>`}</dd>`;
