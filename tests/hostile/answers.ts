/** What faults are made of: whole answers, bytes, and floods. */
import type { ServerResponse } from 'node:http';

/** What the server would have answered. */
export interface Healthy {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/**
 * Takes the answer to one request over.
 * @param page what the server would have shown; '' for anything but a page
 * @param healthy lets the server work out its answer
 */
export type Fault = (response: ServerResponse, page: string, healthy: () => Promise<Healthy>) => void;

export const MEBIBYTE = 1024 * 1024;

export const json =
  (text: string): Fault =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(text);
  };

export const raw =
  (bytes: string): Fault =>
  ({ socket }) => {
    socket?.write(Buffer.from(bytes, 'latin1'));
    socket?.end();
  };

/** Answers with these bytes, made of the healthy answer, and closes the connection. */
export const rewrite =
  (change: (answer: Healthy) => readonly (string | Buffer)[]): Fault =>
  (response, _, healthy) => {
    healthy()
      .then((answer) => {
        for (const part of change(answer))
          response.socket?.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
        response.socket?.end();
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  };

/** Answers as the server would, with another body or other headers. */
export const alter = (change: (answer: Healthy) => Partial<Healthy>): Fault =>
  rewrite((answer) => {
    const altered = { ...answer, ...change(answer) };
    return [head(altered, `Content-Length: ${altered.body.length}`), altered.body];
  });

/** @returns status line and headers, these at their end */
export function head({ status, headers }: Healthy, ...last: readonly string[]): string {
  const lines = headers
    .filter(([name]) => !/^(content-length|transfer-encoding|connection)$/i.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  return `${[`HTTP/1.1 ${status} Answer`, ...lines, ...last, 'Connection: close'].join('\r\n')}\r\n\r\n`;
}

/** Shows this in place of the page. */
export const html =
  (markup: string): Fault =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>Login</title><h1>Hello</h1>${markup}`);
  };

/** Shows the page that belongs there, with this at its end. */
export const addToPage =
  (markup: string): Fault =>
  (response, page) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(page.replace(/<\/body>|$/i, `${markup}$&`));
  };

export const script = (code: string): Fault => addToPage(`<script>${code}</script>`);

/** Writes for as long as somebody reads. */
export function flood(response: ServerResponse, chunk: Buffer, bytes: number): void {
  let left = bytes;
  const write = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) return void response.once('drain', write);
    }
    response.end();
  };
  write();
}
