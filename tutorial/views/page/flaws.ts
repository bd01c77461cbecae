/** The exercise of lesson 7 for learners with no program of their own: find the flaws in three ID Tokens by eye. */
import { html } from 'hono/html';
import type { FlawExercise } from '../../verify/flaws.js';
import { hiddenToken, type Markup } from './markup.js';

export interface FlawsShown {
  readonly exercise: FlawExercise;
  /** For each token the index of a choice; null if none is chosen. */
  readonly answers: readonly (number | null)[];
  /** Which answers are right; null before they are given. */
  readonly right: readonly boolean[] | null;
  /** Of this process, against requests from elsewhere. */
  readonly token: string;
}

export function flawsSection({ exercise, answers, right, token }: FlawsShown): Markup {
  const { issuer, clientId, nonce } = exercise.expected;
  return html`<section aria-labelledby="flaws"><h2 id="flaws">Find the flaws in three tokens</h2>
<p>Each has one flaw. You expect the issuer <code>${issuer}</code>, the client <code>${clientId}</code> and the nonce <code>${nonce}</code>. The current time is <code>${Math.floor(Date.now() / 1000)}</code>.</p>
${right === null ? null : html`<p role="status" class="${right.every(Boolean) ? 'good' : 'bad'}">${resultOf(right)}</p>`}
<form method="post" action="/token/flaws">${hiddenToken(token)}
${exercise.tokens.map(
  ({ header, claims }, index) => html`<h3>Token ${index + 1}</h3>
<pre tabindex="0" role="region" aria-label="Token ${index + 1}"><code>${JSON.stringify(header)}
${JSON.stringify(claims, null, 2)}</code></pre>
<fieldset><legend>What is wrong with token ${index + 1}?</legend>${exercise.choices.map(
    (choice, at) =>
      html`<label class="choice"><input type="radio" name="flaw-${index}" value="${at}"${answers[index] === at ? html` checked` : ''}> ${choice}</label>`,
  )}${right === null ? null : html`<p class="${right[index] ? 'good' : 'bad'}">${right[index] ? '✓ That’s it.' : '✗ Not that one: compare it claim by claim.'}</p>`}</fieldset>`,
)}
<p><button id="check-flaws">Check my answers</button></p></form></section>`;
}

function resultOf(right: readonly boolean[]): string {
  const count = right.filter(Boolean).length;
  return count === right.length
    ? 'You found them all: the exercise is done.'
    : `${count} of ${right.length} found.`;
}
