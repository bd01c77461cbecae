/** A small proxy that puts one fault into a server from outside, by changing what passes through it. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request } from 'undici';

/** What came from the server, to be changed in place. */
interface PassingResponse {
  readonly path: string;
  readonly requestBody: string;
  status: number;
  headers: OutgoingHttpHeaders;
  body: string;
}

export type Fault = (passing: PassingResponse) => void;

export interface FaultProxy {
  readonly url: string;
  /** Where requests go; set once the server behind is known. */
  forwardTo(address: string): void;
  /** The fault that is in force from now on; null lets everything pass unchanged. */
  setFault(fault: Fault | null): void;
  close(): Promise<void>;
}

export async function startFaultProxy(): Promise<FaultProxy> {
  let behind = '';
  let fault: Fault | null = null;
  const server = createServer((incoming, outgoing) => {
    forward(incoming, behind, fault).then(
      ({ status, headers, body }) => outgoing.writeHead(status, headers).end(body),
      (error: unknown) => outgoing.writeHead(502).end(String(error)),
    );
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://localhost:${address.port}`,
    forwardTo: (next) => {
      behind = next;
    },
    setFault: (next) => {
      fault = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const METHODS = ['POST', 'PUT', 'DELETE', 'OPTIONS'] as const;

async function forward(
  incoming: IncomingMessage,
  behind: string,
  fault: Fault | null,
): Promise<PassingResponse> {
  const requestBody = await text(incoming);
  const path = incoming.url ?? '/';
  const { statusCode, headers, body } = await request(new URL(path, behind), {
    method: METHODS.find((method) => method === incoming.method) ?? 'GET',
    headers: {
      ...removeHopByHop(incoming.headers),
      'x-forwarded-host': incoming.headers.host ?? '',
      'x-forwarded-proto': 'http',
    },
    ...(requestBody === '' ? {} : { body: requestBody }),
  });
  const passing: PassingResponse = {
    path,
    requestBody,
    status: statusCode,
    headers: { ...removeHopByHop(headers) },
    body: await body.text(),
  };
  fault?.(passing);
  return passing;
}

/** Without the headers that belong to one connection, or to a length that may change. */
function removeHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const {
    connection: _connection,
    'keep-alive': _keep,
    'transfer-encoding': _te,
    'content-length': _length,
    ...rest
  } = headers;
  return rest;
}

async function text(incoming: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of incoming) all += String(chunk);
  return all;
}
