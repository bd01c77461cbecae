/** What the page is waiting for, and what to try when nothing arrives. */
import { html } from 'hono/html';
import type { TutorialView } from '../../view.js';
import type { Markup } from './markup.js';

/** After this long with no request, the help opens by itself. */
export const IDLE_MS = 90_000;

export function waitingSection(
  { last, addresses, isDone }: TutorialView,
  now: number,
  since: number,
): Markup {
  const idle = now - (last?.at ?? since) >= IDLE_MS;
  const line =
    last === null
      ? html`The server at <code>${addresses.issuer}</code> hasn’t received a request yet.`
      : html`Last request: <time datetime="${new Date(last.at).toISOString()}">${ago(now - last.at)}</time> <code>${last.request}</code> <b>${last.status}</b>`;
  return html`<section aria-labelledby="waiting"><h2 id="waiting">${isDone ? 'Your requests' : 'Waiting for your request'}</h2>
<p class="waiting" data-since="${last?.at ?? since}">${line}</p>
<details id="nothing"${idle ? html` open` : ''}><summary>Nothing arrives?</summary>
<p>The server is running. This should print a list of addresses:</p>
<pre><code>curl -i '${addresses.issuer}/.well-known/openid-configuration'</code></pre>
<p>If that shows up here but your own request doesn’t, check its address: the host and port must be those of <code>${addresses.issuer}</code>.</p>
</details></section>`;
}

/** @param ms since then */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}
