/**
 * A server for `npm run bench:sandbox`, in a process of its own so that only its work is measured. Its argument says
 * which; it sends its endpoints when it listens, and its CPU time whenever a message comes.
 */
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { createSandbox } from '../../../fixtures/sandbox/index.js';

export const REDIRECT_URI = 'https://app.example.com/callback';
export const CLIENT = {
  client_id: 'app',
  client_secret: 'the-secret-of-the-app',
  redirect_uris: [REDIRECT_URI],
};

/** Where the flow goes, and the cookie of a user who has signed in; '' if the flow itself signs in. */
interface Endpoints {
  readonly authorization: string;
  readonly token: string;
  readonly cookie: string;
}

async function startSandbox(): Promise<Endpoints> {
  const sandbox = createSandbox({ clients: [CLIENT], consent: 'never' });
  const { issuer } = await sandbox.listen();
  const [user] = sandbox.snapshot().users;
  const page = await fetch(`${issuer}/settings`);
  const before = readCookie(page);
  const form_token = /name="form_token" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const login = await fetch(`${issuer}/oauth2/login?return_to=/settings`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: before },
    body: new URLSearchParams({
      form_token,
      username: user?.username ?? '',
      password: user?.password ?? '',
    }),
  });
  return {
    authorization: `${issuer}/oauth2/authorize`,
    token: `${issuer}/v1/oauth2/token`,
    cookie: readCookie(login),
  };
}

function readCookie(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function startOidcProvider(): Promise<Endpoints> {
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
  return { authorization: `${issuer}/auth`, token: `${issuer}/token`, cookie: '' };
}

if (process.send !== undefined) {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ milliseconds: (user + system) / 1000 });
  });
  process.send(await (process.argv[2] === 'sandbox' ? startSandbox() : startOidcProvider()));
}
