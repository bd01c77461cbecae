/** Who may ask: a browser on this machine by the page's own name, and for changes only the page itself. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';

const SELF = ["'self'"];
const NONE = ["'none'"];
const MOST_BYTES = 64 * 1024;

/** `same-origin` and not `no-referrer`, under which a browser would not say where a form comes from. */
export const headers = (): MiddlewareHandler =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: NONE,
      scriptSrc: SELF,
      styleSrc: SELF,
      connectSrc: SELF,
      imgSrc: ['data:'],
      formAction: SELF,
      baseUri: NONE,
      frameAncestors: NONE,
    },
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    // There is no TLS on this machine's own interface.
    strictTransportSecurity: false,
  });

/**
 * Another site's name that leads to this machine (DNS rebinding) would make that site of our origin.
 * @param port of the page, asked for late: it is known when it listens
 */
export const hostGuard =
  (port: () => string): MiddlewareHandler =>
  async (context, next) => {
    const host = context.req.header('host') ?? '';
    if (host === `localhost:${port()}` || host === `127.0.0.1:${port()}`) return next();
    return context.text(`This page is served as http://localhost:${port()}/ only.\n`, 421);
  };

/** Neither from elsewhere by its headers, nor without the token that only the page knows. */
export function changeGuard(token: string): readonly MiddlewareHandler[] {
  const refusal = 'This was not sent by the page itself. Open the page and press its button.\n';
  return [
    bodyLimit({ maxSize: MOST_BYTES, onError: (context) => context.text('That is too long.\n', 413) }),
    csrf({ secFetchSite: 'same-origin' }),
    async (context, next) => {
      if (context.req.method === 'GET' || context.req.method === 'HEAD') return next();
      const form = await context.req.parseBody();
      return isSame(form.token, token) ? next() : context.text(refusal, 403);
    },
  ];
}

export const newToken = (): string => randomBytes(24).toString('base64url');

function isSame(given: unknown, token: string): boolean {
  if (typeof given !== 'string') return false;
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
