/**
 * A complete client that needs only Node: it signs a user in, calls the API once and refreshes once. Run it with ISSUER,
 * CLIENT_ID, CLIENT_SECRET and REDIRECT_URI in the environment, open the address it prints, and make it your own.
 */
import { createHash, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const { ISSUER = '', CLIENT_ID = '', CLIENT_SECRET = '', REDIRECT_URI = '' } = process.env;
if (!URL.canParse(ISSUER) || CLIENT_ID === '' || CLIENT_SECRET === '' || !URL.canParse(REDIRECT_URI)) {
  stop('Set ISSUER, CLIENT_ID, CLIENT_SECRET and REDIRECT_URI: run the eval line that the tutorial shows.');
}
const callback = new URL(REDIRECT_URI);
const random = (): string => randomBytes(32).toString('base64url');

/** Sign-ins in progress, by the cookie of the browser that started them. */
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

/** Takes the code if this browser started this sign-in; then gets tokens, calls the API, and refreshes. */
async function finish(request: IncomingMessage, answer: URLSearchParams): Promise<string> {
  const browser = /\blogin=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const login = waiting.get(browser);
  waiting.delete(browser);
  if (login === undefined || answer.get('state') !== login.state)
    throw new Error('this browser didn’t start this sign-in');
  if (answer.get('iss') !== ISSUER) throw new Error('the response is from another issuer');
  const code = answer.get('code');
  if (code === null) throw new Error(answer.get('error') ?? 'the response has no code');

  const redeemed = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
  const tokens = await askForTokens({ ...redeemed, code_verifier: login.verifier });

  const claims = await verifiedClaims(`${tokens.id_token}`);
  if (claims.iss !== ISSUER || ![claims.aud].flat().includes(CLIENT_ID))
    throw new Error('the ID Token isn’t for this client');
  if (claims.nonce !== login.nonce) throw new Error('the ID Token is from another sign-in');
  if (Number(claims.exp) * 1000 < Date.now()) throw new Error('the ID Token has expired');

  const { userinfo_endpoint } = await discovered();
  const { sub } = await ask(userinfo_endpoint, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  if (sub !== claims.sub) throw new Error('userinfo is about another user');

  await askForTokens({ grant_type: 'refresh_token', refresh_token: `${tokens.refresh_token}` });
  return `Signed in as ${sub}. The app called the API and refreshed the tokens.`;
}

/** Verifies the signature (OpenID Connect Core 1.0 §3.1.3.7, step 6). @returns the claims, still to be compared */
async function verifiedClaims(token: string): Promise<Members> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const decode = (part: string): Members => parsed(Buffer.from(part, 'base64url').toString());
  const { kid, alg } = decode(head);
  const { jwks_uri } = await discovered();
  const { keys } = await ask(jwks_uri);
  const key: unknown = Array.isArray(keys) ? keys.find((one) => one.kid === kid) : undefined;
  if (alg !== 'RS256' || typeof key !== 'object' || key === null)
    throw new Error('the ID Token names an unknown key');
  const signed = Buffer.from(`${head}.${body}`);
  const isGood = verify(
    'sha256',
    signed,
    { key: { ...key }, format: 'jwk' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isGood) throw new Error('the signature of the ID Token is wrong');
  return decode(body);
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
  if (pathname !== callback.pathname) return say(response, 404, 'Not found.');
  const text = await finish(request, searchParams);
  console.log(text);
  say(response, 200, text);
}

/** As plain text, so that nothing from elsewhere becomes markup. */
function say(response: ServerResponse, status: number, text: string): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  response.writeHead(status, headers).end(`${text}\n`);
}

createServer((request, response) => {
  answer(request, response).catch((problem: unknown) => {
    const text = `The sign-in failed: ${problem instanceof Error ? problem.message : problem}.`;
    console.error(text);
    say(response, 400, text);
  });
})
  .on('error', () =>
    stop(
      `Port ${callback.port} is taken. Register a client whose redirect URI has a free port, and run the eval line again.`,
    ),
  )
  .listen(Number(callback.port), 'localhost', () => console.log(`Open ${callback.origin}/`));
