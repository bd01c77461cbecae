/** The API of the lesson on devices and agents: it names its metadata, and accepts tokens that are for it only. */
import { Hono } from 'hono';
import type { SandboxExchange } from '../../fixtures/sandbox/exchange.js';
import type { Fetch } from '../../fixtures/sandbox/listen.js';
import { bearerOf } from '../watcher/exchange.js';

export interface NotesOptions {
  readonly issuer: string;
  /** The API's address, which is its resource identifier; doesn't end in a slash. */
  readonly address: string;
  /** @returns what is known about an access token; null for one that doesn't work */
  readonly findToken: (token: string) => { readonly resource: string | null } | null;
  readonly notice: (exchange: SandboxExchange) => void;
}

/** Response header that tells the watcher what the API decided. */
export const NOTES_HEADER = 'sample-notes';
export type NotesDecision = 'no-token' | 'wrong-token' | 'wrong-audience' | 'ok' | 'metadata' | 'not-found';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** @returns where the metadata of a resource is: the well-known path comes before the resource's own (RFC 9728 §3.1) */
export function notesMetadataAddress(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return `${origin}${WELL_KNOWN}${pathname}`;
}

/** @returns the API and its metadata, as a function of requests for either */
export function notesApp({ issuer, address, findToken, notice }: NotesOptions): Fetch {
  const { pathname } = new URL(address);
  const metadata = notesMetadataAddress(address);
  const app = new Hono({ strict: false });

  app.use('*', async (context, next) => {
    const request = context.req.raw.clone();
    await next();
    const response = context.res.clone();
    notice({ request, response, endpoint: null, rule: null, clause: null, reason: null, compared: null });
  });

  const tell = (decision: NotesDecision) => ({ [NOTES_HEADER]: decision, 'cache-control': 'no-store' });

  app.get(pathname, (context) => {
    const headers = Object.fromEntries(context.req.raw.headers);
    const token = bearerOf({ headers });
    const refuse = (decision: NotesDecision, error: string) =>
      context.json({ error: error === '' ? 'no token' : error }, 401, {
        ...tell(decision),
        'www-authenticate': `Bearer${error === '' ? '' : ` error="${error}",`} resource_metadata="${metadata}"`,
      });
    if (token === null) return refuse('no-token', '');
    const found = findToken(token);
    if (found === null) return refuse('wrong-token', 'invalid_token');
    if (found.resource !== address) return refuse('wrong-audience', 'invalid_token');
    return context.json({ notes: ['Read RFC 9728.', 'Buy milk.'] }, 200, tell('ok'));
  });

  app.get(`${WELL_KNOWN}${pathname}`, (context) =>
    context.json(
      {
        resource: address,
        authorization_servers: [issuer],
        bearer_methods_supported: ['header'],
        scopes_supported: ['openid', 'profile'],
        resource_name: 'Notes',
      },
      200,
      tell('metadata'),
    ),
  );

  app.notFound((context) => context.json({ error: 'not found' }, 404, tell('not-found')));
  return (request) => app.fetch(request);
}
