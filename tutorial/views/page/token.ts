/** An ID Token taken apart: header, claims, and each step of its verification with what came of it. */
import { html } from 'hono/html';
import { hiddenToken, type Markup, spoken } from './markup.js';

/** What is known of a token that could be read. */
export interface TokenExplanation {
  readonly header: Readonly<Record<string, unknown>>;
  /** Each claim: its value as it is to be shown, and what it means. */
  readonly explained: readonly { readonly name: string; readonly value: string; readonly text: string }[];
  /** By their numbers in OIDC Core §3.1.3.7. */
  readonly steps: readonly { readonly step: number; readonly ok: boolean; readonly text: string }[];
}

/** @returns what the token says; null when it is none */
export type ExplainToken = (token: string) => Promise<TokenExplanation | null>;

export interface TokenPage {
  /** null: there is no token to explain yet. */
  readonly explained: { readonly explanation: TokenExplanation | null; readonly isNoticed: boolean } | null;
  /** The exercise of the lesson at hand, where it has one with ID Tokens. */
  readonly flaws: Markup | null;
  /** Of this process, against requests from elsewhere. */
  readonly token: string;
}

export function tokenMain({ explained, flaws, token }: TokenPage): Markup {
  return html`<main id="top" tabindex="-1">
<p class="eyebrow">ID Token: read and verified on your machine</p>
<h1>${titleOf(explained)}</h1>
${explained === null ? html`<p>The token endpoint has given none yet. Redeem a code with the scope openid, or paste one.</p>` : told(explained.explanation)}
${flaws}
<section aria-labelledby="paste"><h2 id="paste">Another one</h2>
<form method="post" action="/token">${hiddenToken(token)}
<label for="id_token">ID Token</label>
<textarea id="id_token" name="id_token" rows="4" required autocomplete="off" spellcheck="false"></textarea>
<p><button id="explain">Take it apart</button></p></form>
<p>It stays on this machine, and is not kept.</p></section>
<p><a href="/">Back to the lesson</a></p>
</main>`;
}

function titleOf(explained: TokenPage['explained']): string {
  if (explained === null) return 'No ID Token yet';
  return explained.isNoticed ? 'The last ID Token' : 'Your ID Token';
}

function told(explanation: TokenExplanation | null): Markup {
  if (explanation === null) {
    return html`<p class="bad" role="alert">This is no ID Token: three parts, joined by dots, were expected. Was it copied whole?</p>`;
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
  return html`<section aria-labelledby="steps"><h2 id="steps">Verification: ${failed === 0 ? 'every step holds' : `${failed} of ${steps.length} steps fail`}</h2>
<p>The steps are those of OpenID Connect Core §3.1.3.7, by their numbers there.</p>
<ol class="goals">${steps.map(
    ({ step, ok, text }) =>
      html`<li class="${ok ? 'reached' : 'failed'}"><span class="tick" aria-hidden="true">${ok ? '✓' : '✗'}</span><p><b>${step}.</b> ${ok ? spoken('Holds: ') : html`<strong class="bad">Fails:</strong> `}${text}</p></li>`,
  )}</ol></section>`;
}

/** A map: the names come from whoever wrote the token. */
const HEADER: ReadonlyMap<string, string> = new Map([
  ['alg', 'How it is signed.'],
  ['kid', 'Which of the server’s keys has signed it.'],
  ['typ', 'What kind of thing this is.'],
]);

const member = (name: string, value: string, text: string): Markup =>
  html`<dt><code>${name}</code></dt><dd><code class="value">${value}</code>${text === '' ? null : html`<p>${text}</p>`}</dd>`;
