/** What faults are made of: whole answers, bytes, and floods. */
import type { ServerResponse } from 'node:http';

/**
 * Takes the answer to one request over.
 * @param page what the server would have shown; '' for anything but a page
 */
export type Fault = (response: ServerResponse, page: string) => void;

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
