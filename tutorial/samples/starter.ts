/**
 * A whole client, with nothing but Node: it signs a user in, calls the API once and refreshes once. Run it with ISSUER,
 * CLIENT_ID, CLIENT_SECRET and REDIRECT_URI in the environment, open the address that it prints, and make it yours.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const { ISSUER = '', CLIENT_ID = '', CLIENT_SECRET = '', REDIRECT_URI = '' } = process.env;
if (!URL.canParse(ISSUER) || CLIENT_ID === '' || CLIENT_SECRET === '' || !URL.canParse(REDIRECT_URI)) {
  stop('Set ISSUER, CLIENT_ID, CLIENT_SECRET and REDIRECT_URI: eval "$(npx polar-conformance tutorial env)"');
}
const callback = new URL(REDIRECT_URI);
const random = (): string => randomBytes(32).toString('base64url');

/** The logins that wait, each by the cookie of the browser that began it. */
const waiting = new Map<string, { state: string; nonce: string; verifier: string }>();

/** Sends the browser to the authorization endpoint, and remembers what has to come back. */
async function begin(response: ServerResponse): Promise<void> {
  const browser = random();
  const login = { state: random(), nonce: random(), verifier: random() };
  waiting.set(browser, login);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    scope: 'openid profile',
    state: login.state,
    nonce: login.nonce,
    code_challenge: createHash('sha256').update(login.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { authorization_endpoint } = await discovered();
  response.setHeader('set-cookie', `login=${browser}; HttpOnly; SameSite=Lax; Path=/`);
  response.writeHead(302, { location: `${authorization_endpoint}?${query}` }).end();
}

/** Takes the code, if this very browser has begun this login. Then tokens, a call, and new tokens. */
async function finish(request: IncomingMessage, answer: URLSearchParams): Promise<string> {
  const browser = /\blogin=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const login = waiting.get(browser);
  waiting.delete(browser);
  if (login === undefined || answer.get('state') !== login.state) throw new Error('this login is not ours');
  if (answer.get('iss') !== ISSUER) throw new Error('the answer is of another issuer');
  const code = answer.get('code');
  if (code === null) throw new Error(answer.get('error') ?? 'no code came');

  const redeemed = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
  const tokens = await askForTokens({ ...redeemed, code_verifier: login.verifier });

  // It came from the server itself, over a connection that we opened (OpenID Connect Core 1.0 §3.1.3.7, step 6).
  const claims = parsed(Buffer.from(`${tokens.id_token}`.split('.')[1] ?? '', 'base64url').toString());
  if (claims.iss !== ISSUER || ![claims.aud].flat().includes(CLIENT_ID)) throw new Error('not our ID Token');
  if (claims.nonce !== login.nonce) throw new Error('the ID Token is of another login');
  if (Number(claims.exp) * 1000 < Date.now()) throw new Error('the ID Token has expired');

  const { userinfo_endpoint } = await discovered();
  const { sub } = await ask(userinfo_endpoint, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  if (sub !== claims.sub) throw new Error('userinfo speaks of somebody else');

  await askForTokens({ grant_type: 'refresh_token', refresh_token: `${tokens.refresh_token}` });
  return `Signed in as ${sub}. The API was called, and the tokens refreshed.`;
}

type Members = Readonly<Record<string, unknown>>;

const discovered = (): Promise<Members> => ask(`${ISSUER}/.well-known/openid-configuration`);

async function askForTokens(form: Readonly<Record<string, string>>): Promise<Members> {
  const { token_endpoint } = await discovered();
  const body = new URLSearchParams({ ...form, client_id: CLIENT_ID, client_secret: CLIENT_SECRET });
  return ask(token_endpoint, { method: 'POST', body });
}

async function ask(url: unknown, init: RequestInit = {}): Promise<Members> {
  const response = await fetch(`${url}`, init);
  const members = parsed(await response.text());
  if (!response.ok) throw new Error(`${members.error ?? response.status}`);
  return members;
}

function parsed(text: string): Members {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function stop(why: string): never {
  console.error(why);
  process.exit(2);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', callback.origin);
  if (pathname === '/') return begin(response);
  if (pathname !== callback.pathname) return say(response, 404, 'Nothing is here.');
  const text = await finish(request, searchParams);
  console.log(text);
  say(response, 200, text);
}

/** As plain text: what came from elsewhere must not become markup. */
function say(response: ServerResponse, status: number, text: string): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  response.writeHead(status, headers).end(`${text}\n`);
}

createServer((request, response) => {
  answer(request, response).catch((problem: unknown) => {
    const text = `It did not work: ${problem instanceof Error ? problem.message : problem}.`;
    console.error(text);
    say(response, 400, text);
  });
})
  .on('error', () => stop(`Port ${callback.port} is not free: register a client for an address of this app.`))
  .listen(Number(callback.port), 'localhost', () => console.log(`Open ${callback.origin}/`));
