/** The independent server's own login and consent pages, as an application of oidc-provider would write them. */
import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** The users of this server, with their passwords. */
export const USERS: Readonly<Record<string, string>> = {
  carol: 'correct horse carol',
  dave: 'correct horse dave',
};

type Next = () => Promise<void>;
type Middleware = (ctx: KoaContextWithOIDC, next: Next) => Promise<void>;

/** @returns the middleware that serves `/interaction/<uid>` and what its forms post to. */
export function interactions(provider: Provider): Middleware {
  return async (ctx, next) => {
    const [, uid, act] = /^\/interaction\/([^/]+)(?:\/(login|confirm|abort))?$/.exec(ctx.path) ?? [];
    if (uid === undefined) return next();
    ctx.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    ctx.set('cache-control', 'no-store');
    const details = await provider.interactionDetails(ctx.req, ctx.res).catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) return null;
      throw error;
    });
    if (details === null) {
      ctx.status = 400;
      ctx.type = 'html';
      ctx.body = renderPage('This sign-in has ended', '<p>Go back to the application and start again.</p>');
      return undefined;
    }
    const clientId = String(details.params.client_id);
    if (ctx.method === 'GET') {
      ctx.type = 'html';
      if (details.prompt.name === 'login') {
        ctx.body = renderLoginPage(uid, '');
      } else {
        const client = await provider.Client.find(clientId);
        ctx.body = renderConsentPage(uid, client?.clientName ?? clientId, String(details.params.scope ?? ''));
      }
      return undefined;
    }
    const finish = (result: Record<string, unknown>) =>
      provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
    ctx.respond = false;
    if (act === 'abort') {
      return finish({ error: 'access_denied', error_description: 'The user denied the request.' });
    }
    if (act === 'login') {
      const form = await readForm(ctx);
      const name = form.get('username') ?? '';
      if (USERS[name] !== undefined && USERS[name] === form.get('password')) {
        return finish({ login: { accountId: name } });
      }
      ctx.respond = true;
      ctx.status = 401;
      ctx.type = 'html';
      ctx.body = renderLoginPage(uid, 'That name and password do not belong together.');
      return undefined;
    }
    const grant =
      details.grantId === undefined
        ? new provider.Grant({ accountId: String(details.session?.accountId), clientId })
        : await provider.Grant.find(details.grantId);
    if (grant === undefined) throw new Error('the grant is gone');
    const missing = details.prompt.details;
    if (isStrings(missing.missingOIDCScope)) grant.addOIDCScope(missing.missingOIDCScope.join(' '));
    if (isStrings(missing.missingOIDCClaims)) grant.addOIDCClaims([...missing.missingOIDCClaims]);
    return finish({ consent: { grantId: await grant.save() } });
  };
}

async function readForm(ctx: KoaContextWithOIDC): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of ctx.req) text += String(chunk);
  return new URLSearchParams(text);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

function renderPage(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><title>${escapeHtml(title)}</title></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
}

function renderLoginPage(uid: string, problem: string): string {
  return renderPage(
    'Sign in',
    `<p role="alert">${escapeHtml(problem)}</p><form method="post" action="/interaction/${escapeHtml(uid)}/login">
<label>Name <input name="username" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button type="submit">Sign in</button></form>`,
  );
}

function renderConsentPage(uid: string, clientName: string, scope: string): string {
  const items = scope.split(' ').map((value) => `<li>${escapeHtml(value)}</li>`);
  return renderPage(
    'Grant access',
    `<p>${escapeHtml(clientName)} asks for:</p><ul>${items.join('')}</ul>
<form method="post" action="/interaction/${escapeHtml(uid)}/confirm"><button type="submit">Continue</button></form>
<form method="post" action="/interaction/${escapeHtml(uid)}/abort"><button type="submit">Cancel</button></form>`,
  );
}
