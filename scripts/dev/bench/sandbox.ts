/**
 * `npm run bench:sandbox`: code flows per second with a live session, beside oidc-provider, and what 20,000 token
 * responses do to the speed and the memory of the sandbox. Prints figures; asserts nothing.
 */
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { createSandbox } from '../../../fixtures/sandbox/index.js';

const REDIRECT_URI = 'https://app.example.com/callback';
const CLIENT = { client_id: 'app', client_secret: 'the-secret-of-the-app', redirect_uris: [REDIRECT_URI] };
const WARM_UP = 30;
const FLOWS = 200;
const TOKENS = 20_000;
const PART = 2_000;
const MEGABYTE = 1_000_000;

interface Endpoints {
  readonly authorization: string;
  readonly token: string;
}

/** A browser with a cookie jar that knows one host, and an application that exchanges what comes back. */
class Flow {
  readonly #cookies = new Map<string, string>();

  constructor(private readonly endpoints: Endpoints) {}

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  /** One flow from the authorization request to the tokens. */
  async run(): Promise<void> {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: CLIENT.client_id,
      redirect_uri: REDIRECT_URI,
      scope: 'openid email',
      state: 'the state',
    });
    let address = `${this.endpoints.authorization}?${query}`;
    while (!address.startsWith(REDIRECT_URI)) address = await this.#follow(address);
    const code = new URL(address).searchParams.get('code') ?? '';
    const response = await fetch(this.endpoints.token, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${CLIENT.client_id}:${CLIENT.client_secret}`)}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI }),
    });
    if (!response.ok) throw new Error(`no tokens: ${await response.text()}`);
    await response.text();
  }

  async #follow(address: string): Promise<string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.#cookies.set(name, value);
    }
    await response.text();
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${address} ended with status ${response.status}`);
    return new URL(location, address).href;
  }
}

/** @returns code flows per second */
async function measure(flow: Flow): Promise<number> {
  for (let count = 0; count < WARM_UP; count += 1) await flow.run();
  const started = performance.now();
  for (let count = 0; count < FLOWS; count += 1) await flow.run();
  return (FLOWS * 1000) / (performance.now() - started);
}

async function measureSandbox(): Promise<number> {
  const sandbox = createSandbox({ clients: [CLIENT], consent: 'never' });
  const { issuer, close } = await sandbox.listen();
  const [user] = sandbox.snapshot().users;
  const page = await fetch(`${issuer}/settings`);
  const [cookie = ''] = page.headers.getSetCookie();
  const form_token = /name="form_token" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? [];
  const login = await fetch(`${issuer}/oauth2/login?return_to=/settings`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: `${name}=${value}` },
    body: new URLSearchParams({
      form_token,
      username: user?.username ?? '',
      password: user?.password ?? '',
    }),
  });
  const flow = new Flow({ authorization: `${issuer}/oauth2/authorize`, token: `${issuer}/v1/oauth2/token` });
  flow.setCookie(name, /=([^;]+)/.exec(login.headers.getSetCookie()[0] ?? '')?.[1] ?? '');
  try {
    return await measure(flow);
  } finally {
    await close();
  }
}

async function measureOidcProvider(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = `http://localhost:${address.port}`;
  const provider = new Provider(issuer, {
    clients: [CLIENT],
    pkce: { required: () => false },
    features: { devInteractions: { enabled: false } },
    claims: { email: ['email'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, email: 'a@example.com' }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  });
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const grant = new provider.Grant({ accountId: 'alice', clientId: CLIENT.client_id });
    grant.addOIDCScope('openid email');
    const result = { login: { accountId: 'alice' }, consent: { grantId: await grant.save() } };
    context.redirect(await provider.interactionResult(context.req, context.res, result));
    context.status = 303;
  });
  server.on('request', provider.callback());
  const flow = new Flow({ authorization: `${issuer}/auth`, token: `${issuer}/token` });
  try {
    return await measure(flow);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

interface Growth {
  /** Token responses per second, for the first and for the last of them. */
  readonly first: number;
  readonly last: number;
  /** Megabytes of heap that they take. */
  readonly megabytes: number;
}

/** Token responses without an ID Token, whose signature would hide everything else. */
async function measureGrowth(): Promise<Growth> {
  const sandbox = createSandbox({ clients: [CLIENT] });
  const issue = async (count: number) => {
    const started = performance.now();
    for (let done = 0; done < count; done += 1) await sandbox.issueTokens({ scope: 'email' });
    return (count * 1000) / (performance.now() - started);
  };
  await issue(PART);
  const before = process.memoryUsage().heapUsed;
  const first = await issue(PART);
  await issue(TOKENS - 2 * PART);
  const last = await issue(PART);
  return { first, last, megabytes: (process.memoryUsage().heapUsed - before) / MEGABYTE };
}

console.log(`sandbox:       ${(await measureSandbox()).toFixed(0)} code flows per second`);
console.log(`oidc-provider: ${(await measureOidcProvider()).toFixed(0)} code flows per second`);
const { first, last, megabytes } = await measureGrowth();
console.log(
  `sandbox:       ${first.toFixed(0)} token responses per second at first, ${last.toFixed(0)} after ${TOKENS}, ${megabytes.toFixed(0)} MB more`,
);
