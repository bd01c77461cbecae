/** The sandbox, one of whose endpoints has turned hostile. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSandbox, generateKeys } from '../../fixtures/sandbox/index.js';
import type { TargetSettings } from '../../fixtures/target/settings.js';
import type { Fault } from './faults.js';

/** Where a fault can be: an endpoint by its path, or every page. */
export const PLACES: Readonly<Record<string, RegExp>> = {
  discovery: /\/\.well-known\/(openid|oauth)/,
  jwks: /\/jwks/,
  registration: /\/register/,
  token: /\/token$/,
  userinfo: /\/userinfo/,
  introspection: /\/introspect/,
  revocation: /\/revoke/,
};
export const PAGE = 'page';
export const EVERYTHING = 'everything';

export interface HostileServer {
  readonly settings: TargetSettings;
  close(): Promise<void>;
}

const keys = generateKeys();

/**
 * @param place one of PLACES, PAGE for all that is HTML, or EVERYTHING
 * @param healthy how many requests are answered as they should be, before it turns hostile
 */
export async function startHostileServer(place: string, fault: Fault, healthy = 0): Promise<HostileServer> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const issuer = `http://localhost:${address.port}`;
  const sandbox = createSandbox({ keys: await keys, issuer, aging: true });
  let requests = 0;
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.on('error', () => undefined);
    incoming.socket.on('error', () => undefined);
    const path = incoming.url?.split('?')[0] ?? '/';
    requests += 1;
    const isHostile = requests > healthy;
    if (isHostile && (place === EVERYTHING || PLACES[place]?.test(path) === true)) return fault(outgoing);
    forward(incoming, issuer, sandbox.fetch)
      .then(async (response) => {
        const isPage = /html/.test(response.headers.get('content-type') ?? '');
        if (place === PAGE && isPage) fault(outgoing);
        else await respond(response, outgoing);
      })
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  return {
    settings: sandbox.target(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Fetch = (request: Request) => Response | Promise<Response>;

async function forward(incoming: IncomingMessage, issuer: string, fetch: Fetch): Promise<Response> {
  const parts: Buffer[] = [];
  for await (const part of incoming) if (Buffer.isBuffer(part)) parts.push(part);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const method = incoming.method ?? 'GET';
  const body = parts.length === 0 || method === 'GET' ? {} : { body: new Uint8Array(Buffer.concat(parts)) };
  return fetch(new Request(`${issuer}${incoming.url ?? '/'}`, { method, headers, ...body }));
}

async function respond(response: Response, outgoing: ServerResponse): Promise<void> {
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  outgoing.writeHead(response.status);
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
