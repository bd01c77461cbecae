/** What any endpoint, or the network in between, can do to a client that means no harm. */
import { gzipSync } from 'node:zlib';
import { type Fault, flood, json, MEBIBYTE, raw } from './answers.js';

const BOMB = gzipSync(Buffer.alloc(256 * MEBIBYTE, ' '));

export const NETWORK_FAULTS: Readonly<Record<string, Fault>> = {
  'no answer': () => undefined,
  'a byte a second': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 1_000);
    response.once('close', () => clearInterval(timer));
  },
  'a header a second': (response) => {
    const { socket } = response;
    socket?.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket?.write('X: 1\r\n'), 1_000);
    socket?.once('close', () => clearInterval(timer));
  },
  '1 GB': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    flood(response, Buffer.alloc(MEBIBYTE, ' '), 1024 * MEBIBYTE);
  },
  'a length that is too long': raw(
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{}',
  ),
  'a length that is too short': raw(
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{"a": 1}',
  ),
  'a gzip bomb': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(BOMB);
  },
  'a circle of redirects': (response) => {
    response.writeHead(302, { location: response.req.url ?? '/' });
    response.end();
  },
  'a reset': (response) => {
    response.socket?.resetAndDestroy();
  },
  'a reset in the middle': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"a":');
    setTimeout(() => response.socket?.resetAndDestroy(), 50);
  },
  garbage: raw('\u0000\u0001\u0002 garbage \u00ff\u00fe\r\n\r\n'),
  'JSON 10,000 levels deep': json(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
  'members named __proto__': json(
    '{"__proto__":{"issuer":"x"},"constructor":{"prototype":{"keys":[]}},"toString":1}',
  ),
  'invalid UTF-8': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]));
  },
  '5,000 headers': (response, _, healthy) => {
    const fields = Array.from({ length: 5_000 }, (_, index) => `X-${index}: ${index}\r\n`).join('');
    raw(`HTTP/1.1 200 OK\r\n${fields}Content-Length: 2\r\n\r\n{}`)(response, '', healthy);
  },
  'endless interim answers': (response) => {
    const { socket } = response;
    const timer = setInterval(
      () => socket?.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(100)),
      10,
    );
    socket?.once('close', () => clearInterval(timer));
  },
  'a status alone': (response) => {
    response.writeHead(500);
    response.end();
  },
};
