/** The console of the server's operator, for the lesson on key rotation: it changes the sandbox's signing key. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { SandboxExchange } from '../../fixtures/sandbox/exchange.js';
import type { Fetch } from '../../fixtures/sandbox/listen.js';
import type { SigningKeys } from '../signing-keys.js';
import { page } from './page.js';

export interface OperatorOptions {
  /** Where it is mounted; doesn't end in a slash. */
  readonly address: string;
  readonly keys: () => Promise<SigningKeys>;
  /** Called with each rotation. */
  readonly notice: (exchange: SandboxExchange) => void;
}

/** Response header that tells the watcher that the key was rotated. */
export const ROTATED_HEADER = 'sample-rotated-keys';

/** @returns the app, as a function to be mounted below `address` */
export function operatorApp({ address, keys, notice }: OperatorOptions): Fetch {
  const base = new URL(address).pathname;
  const app = new Hono({ strict: false }).basePath(base);

  app.use('/rotate-keys', async (context, next) => {
    const request = context.req.raw.clone();
    await next();
    const response = context.res.clone();
    notice({ request, response, endpoint: null, rule: null, clause: null, reason: null, compared: null });
  });

  app.get('/', async () => {
    const { published } = await keys();
    return page(
      'The operator’s console',
      html`<p>The server signs with <code>${published[0]?.kid}</code> and publishes ${published.length} ${published.length === 1 ? 'key' : 'keys'}.</p>
<form method="post" action="${base}/rotate-keys"><button type="submit">Rotate the signing key</button></form>`,
    );
  });

  app.post('/rotate-keys', async (context) => {
    const current = await keys();
    await current.rotate();
    const [signing, ...others] = current.published.map(({ kid }) => kid);
    return context.json({ signs_with: signing, still_published: others }, 200, { [ROTATED_HEADER]: 'yes' });
  });

  app.all('/rotate-keys', (context) =>
    context.json({ error: 'method_not_allowed' }, 405, { allow: 'POST', [ROTATED_HEADER]: 'no' }),
  );

  app.post('/retire-old-keys', async (context) => {
    (await keys()).retireOld();
    return context.body(null, 204);
  });

  return (request) => app.fetch(request);
}
