/** The attacker's server in the lesson on attacks: it shows what reached it. Nothing should. */
import { html } from 'hono/html';
import type { Fetch } from '../../fixtures/sandbox/listen.js';
import { page } from './page.js';

export const attackerApp =
  (): Fetch =>
  (request): Response => {
    const names = [...new URL(request.url).searchParams.keys()];
    const found =
      names.length === 0
        ? html`<p>Nothing came with this request: no code, no error.</p>`
        : html`<p>These came with the request: ${names.join(', ')}. A server that sends them here is vulnerable.</p>`;
    return page(
      'The attacker’s server',
      html`<p>This server is yours, and it isn’t registered anywhere.</p>${found}`,
    );
  };
