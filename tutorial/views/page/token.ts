/** An ID Token taken apart: header, claims, and each step of its verification with what came of it. */
import { html } from 'hono/html';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { hiddenToken, type Markup, spoken } from './markup.js';

/** What is known of a token that could be read. */
export interface TokenExplanation {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** In the order in which they are done (OIDC Core §3.1.3.7). */
  readonly steps: readonly { readonly step: string; readonly ok: boolean; readonly text: string }[];
}

/** @returns what the token says, or in one sentence why it cannot be read */
export type ExplainToken = (token: string) => Promise<TokenExplanation | { readonly problem: string }>;

/** Reads without verifying: until something better is given. */
export const readOnly: ExplainToken = async (token) => {
  try {
    return { header: { ...decodeProtectedHeader(token) }, claims: decodeJwt(token), steps: [] };
  } catch {
    return {
      problem: 'This is no ID Token: three parts, joined by dots, were expected. Was it copied whole?',
    };
  }
};

export interface TokenPage {
  readonly explanation: Awaited<ReturnType<ExplainToken>> | null;
  /** Whether it is the last one that the watcher noticed, and not one that was pasted. */
  readonly isNoticed: boolean;
  readonly token: string;
}

export function tokenMain({ explanation, isNoticed, token }: TokenPage): Markup {
  return html`<main id="top" tabindex="-1">
<p class="eyebrow">ID Token: read and verified on your machine</p>
<h1>${explanation === null ? 'No ID Token yet' : isNoticed ? 'The last ID Token' : 'Your ID Token'}</h1>
${explanation === null ? html`<p>The token endpoint has given none yet. Redeem a code with the scope openid, or paste one.</p>` : told(explanation)}
<section aria-labelledby="paste"><h2 id="paste">Another one</h2>
<form method="post" action="/token">${hiddenToken(token)}
<label for="id_token">ID Token</label>
<textarea id="id_token" name="id_token" rows="4" required autocomplete="off" spellcheck="false"></textarea>
<p><button id="explain">Take it apart</button></p></form>
<p>It stays on this machine, and is not kept.</p></section>
<p><a href="/">Back to the lesson</a></p>
</main>`;
}

function told(explanation: Awaited<ReturnType<ExplainToken>>): Markup {
  if ('problem' in explanation) return html`<p class="bad" role="alert">${explanation.problem}</p>`;
  const { header, claims, steps } = explanation;
  return html`${stepList(steps)}
<section aria-labelledby="header"><h2 id="header">Header</h2>${members(header)}</section>
<section aria-labelledby="claims"><h2 id="claims">Claims</h2>${members(claims)}</section>`;
}

function stepList(steps: TokenExplanation['steps']): Markup {
  if (steps.length === 0) {
    return html`<p class="bad">It has been read, and not verified: anybody can write such a thing.</p>`;
  }
  const failed = steps.filter(({ ok }) => !ok).length;
  return html`<section aria-labelledby="steps"><h2 id="steps">Verification: ${failed === 0 ? 'every step holds' : `${failed} of ${steps.length} steps fail`}</h2>
<ol class="goals">${steps.map(
    ({ step, ok, text }) =>
      html`<li class="${ok ? 'reached' : 'failed'}"><span class="tick" aria-hidden="true">${ok ? '✓' : '✗'}</span><div><p>${spoken(ok ? 'Holds: ' : 'Fails: ')}<strong>${step}</strong></p><p>${text}</p></div></li>`,
  )}</ol></section>`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  alg: 'how it is signed',
  kid: 'which of the server’s keys has signed it',
  typ: 'what kind of thing this is',
  iss: 'who says so: the issuer',
  sub: 'whom it is about: an id that stays the same at this issuer',
  aud: 'for which client it is',
  azp: 'the client that it was issued to',
  exp: 'until when it is good',
  iat: 'when it was issued',
  nbf: 'from when it is good',
  auth_time: 'when the person signed in',
  nonce: 'the nonce of your authorization request',
  at_hash: 'binds the access token that came with it',
  c_hash: 'binds the code that came with it',
  email: 'an address; compare email_verified before you trust it',
};

const TIMES: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time']);

const members = (all: Readonly<Record<string, unknown>>): Markup =>
  html`<dl class="parameters">${Object.entries(all).map(
    ([name, value]) =>
      html`<dt><code>${name}</code></dt><dd><code class="value">${JSON.stringify(value)}</code>${timeOf(name, value)}${Object.hasOwn(MEANINGS, name) ? html`<p>${MEANINGS[name]}</p>` : null}</dd>`,
  )}</dl>`;

/** Seconds since 1970 (RFC 7519 §2, NumericDate). */
function timeOf(name: string, value: unknown): Markup | null {
  if (!TIMES.has(name) || typeof value !== 'number') return null;
  const date = new Date(value * 1000);
  return Number.isNaN(date.getTime()) ? null : html` <span>${date.toUTCString()}</span>`;
}
