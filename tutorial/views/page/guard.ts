/** Who may send requests: a browser on this machine using the page's own host name, and for changes only the page itself. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';

const SELF = ["'self'"];
const NONE = ["'none'"];
const MOST_BYTES = 64 * 1024;

/** `same-origin` rather than `no-referrer`, which would keep a browser from saying where a form comes from. */
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
    // There is no TLS on loopback.
    strictTransportSecurity: false,
  });

/**
 * Rejects other host names that point at this machine (DNS rebinding), since they would share the page's origin.
 * @param port returns the page's port, which is only known once it listens
 */
export const hostGuard =
  (port: () => string): MiddlewareHandler =>
  async (context, next) => {
    const host = context.req.header('host') ?? '';
    if (host === `localhost:${port()}` || host === `127.0.0.1:${port()}`) return next();
    return context.text(`This page is only served at http://localhost:${port()}/.\n`, 421);
  };

/** Changes need same-origin headers and the token that only the page knows. */
export function changeGuard(token: string): readonly MiddlewareHandler[] {
  const refusal = 'This wasn’t sent by the page itself. Open the page and use its button.\n';
  return [
    bodyLimit({ maxSize: MOST_BYTES, onError: (context) => context.text('That’s too long.\n', 413) }),
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
