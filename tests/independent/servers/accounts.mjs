/** What both Express applications have of their own: two users, a session, a login page and a page for consent. */
import { randomBytes } from 'node:crypto';

export const USERS = { carol: 'correct horse carol', dave: 'correct horse dave' };

const REDIRECT_URIS = ['https://app.example.com/callback', 'https://app.example.com/other'];

/** The clients that the target file names too. */
export const CLIENTS = [
  { id: 'first', secret: 'first-secret-0123456789', redirectUris: REDIRECT_URIS },
  {
    id: 'second',
    secret: 'second-secret-0123456789',
    redirectUris: ['https://second.example.com/callback'],
  },
  { id: 'public', secret: null, redirectUris: ['https://public.example.com/callback'] },
];

const escaped = (text) =>
  String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function page(title, body) {
  return `<!doctype html><html lang="en"><head><title>${title}</title></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}

const loginPage = (next, problem) =>
  page(
    'Sign in',
    `${problem === '' ? '' : `<p role="alert">${problem}</p>`}<form method="post" action="/login">
<input type="hidden" name="next" value="${escaped(next)}">
<label>Username <input name="username" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button>Sign in</button></form>`,
  );

/** @returns the page on which the user decides; its form repeats the request */
export function consentPage(query, session) {
  const fields = Object.entries({ ...query, form_token: session.formToken })
    .flatMap(([name, values]) => [values].flat().map((value) => [name, value]))
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  return page(
    'Allow access?',
    `<p>${escaped(query.client_id)} asks for: ${escaped(query.scope ?? 'nothing in particular')}</p>
<form method="post" action="/authorize">${fields.join('')}<button name="allowed" value="true">Allow</button>
<button name="allowed" value="false">Deny</button></form>`,
  );
}

/** Adds the login to an application. @returns the session of a request, or null */
export function addAccounts(app, urlencoded) {
  const sessions = new Map();
  const sessionOf = (req) =>
    sessions.get(/(?:^|;\s*)session=([^;]+)/.exec(req.headers.cookie ?? '')?.[1]) ?? null;
  app.use((_req, res, next) => {
    res.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    res.set('X-Content-Type-Options', 'nosniff');
    res.set('Referrer-Policy', 'no-referrer');
    next();
  });
  app.get('/login', (req, res) => res.send(loginPage(req.query.next ?? '/', '')));
  app.post('/login', urlencoded, (req, res) => {
    const { username, password, next = '/' } = req.body ?? {};
    if (USERS[username] === undefined || USERS[username] !== password) {
      return res.status(401).send(loginPage(next, 'Wrong username or password.'));
    }
    const id = randomBytes(16).toString('hex');
    sessions.set(id, { user: { id: username }, formToken: randomBytes(16).toString('hex') });
    res.set('Set-Cookie', `session=${id}; HttpOnly; SameSite=Lax; Path=/`);
    return res.redirect(303, String(next).startsWith('/authorize?') ? next : '/');
  });
  return sessionOf;
}

/** Listens at a free port, says where, and ends with standard input. */
export function serve(app) {
  const server = app.listen(0, 'localhost', () => {
    process.stdout.write(`${JSON.stringify({ address: `http://localhost:${server.address().port}` })}\n`);
  });
  process.stdin.on('end', () => process.exit()).resume();
}
