/** The sandbox, one of whose endpoints has turned hostile. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSandbox, generateKeys } from '../../fixtures/sandbox/index.js';
import type { TargetSettings } from '../../fixtures/target/settings.js';
import type { Fault, Healthy } from './answers.js';
import { WORKER, WORKER_PATH } from './page-faults.js';
import type { Place } from './places.js';

export { EVERYTHING } from './places.js';

export interface HostileServer {
  readonly settings: TargetSettings;
  close(): Promise<void>;
}

const keys = generateKeys();

/**
 * @param healthy how many requests are answered as they should be, before it turns hostile
 */
export async function startHostileServer(place: Place, fault: Fault, healthy = 0): Promise<HostileServer> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const issuer = `http://localhost:${address.port}`;
  const sandbox = createSandbox({ keys: await keys, issuer, aging: true });
  let requests = 0;
  server.on('connection', (socket) => socket.on('error', () => undefined));
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.on('error', () => undefined);
    const path = incoming.url?.split('?')[0] ?? '/';
    requests += 1;
    const isHostile = requests > healthy;
    if (isHostile && path === WORKER_PATH) return serveWorker(outgoing);
    if (isHostile && place.isPage !== true && place.matches(path, '')) {
      return fault(outgoing, '', async () => readAnswer(await forward(incoming, issuer, sandbox.fetch)));
    }
    forward(incoming, issuer, sandbox.fetch)
      .then(async (response) => {
        const isPage = /html/.test(response.headers.get('content-type') ?? '');
        if (isHostile && isPage && place.isPage === true) await attack(response, path, outgoing);
        else await respond(response, outgoing);
      })
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  /** The page keeps its cookies, so that its form still works, and loses the policy that would stop its scripts. */
  const attack = async (response: Response, path: string, outgoing: ServerResponse) => {
    const page = await response.clone().text();
    if (!place.matches(path, page)) return respond(response, outgoing);
    outgoing.setHeader('set-cookie', response.headers.getSetCookie());
    fault(outgoing, page, () => readAnswer(response));
  };
  return {
    settings: sandbox.target(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function serveWorker(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { 'content-type': 'text/javascript' });
  outgoing.end(WORKER);
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
  const { status, headers, body } = await readAnswer(response);
  for (const [name, value] of headers) outgoing.appendHeader(name, value);
  outgoing.writeHead(status);
  outgoing.end(body);
}

async function readAnswer(response: Response): Promise<Healthy> {
  return {
    status: response.status,
    headers: [...response.headers],
    body: Buffer.from(await response.arrayBuffer()),
  };
}
