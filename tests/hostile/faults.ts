/** What a server can do to a client that means no harm. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Takes the answer to one request over. */
export type Fault = (response: ServerResponse) => void;

const MEBIBYTE = 1024 * 1024;

const html =
  (markup: string): Fault =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>Login</title><h1>Hello</h1>${markup}`);
  };

const json =
  (text: string): Fault =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(text);
  };

const raw =
  (bytes: string, end = true): Fault =>
  (response) => {
    const { socket } = response;
    socket?.write(Buffer.from(bytes, 'latin1'));
    if (end) socket?.end();
  };

/** Writes for as long as somebody reads. */
function flood(response: ServerResponse, chunk: Buffer, bytes: number): void {
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

/** Any endpoint can do these. */
export const NETWORK_FAULTS: Readonly<Record<string, Fault>> = {
  'no answer': () => undefined,
  'a byte a second': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 1_000);
    response.once('close', () => clearInterval(timer));
  },
  '1 GB': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    flood(response, Buffer.alloc(MEBIBYTE, ' '), 1024 * MEBIBYTE);
  },
  'a length that is too long': raw(
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{}',
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
  '5,000 headers': (response) => {
    const fields = Array.from({ length: 5_000 }, (_, index) => `X-${index}: ${index}\r\n`).join('');
    raw(`HTTP/1.1 200 OK\r\n${fields}Content-Length: 2\r\n\r\n{}`)(response);
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

const BOMB = gzipSync(Buffer.alloc(256 * MEBIBYTE, ' '));

/** What a login page can do, beside that. */
export const PAGE_FAULTS: Readonly<Record<string, Fault>> = {
  'a page without a form': html('<p>There is nothing here.'),
  'an endless script': html('<form><input name=u><input type=password></form><script>for(;;);</script>'),
  'an endless script after a while': html(
    '<form><input name=u><input type=password><button>Sign in</button></form><script>setTimeout(()=>{for(;;);},300)</script>',
  ),
  'dialogs in a loop': html('<script>for(;;)alert("no")</script>'),
  'a trap for those who leave': html(
    '<form><input name=u><input type=password></form><script>onbeforeunload=()=>"stay"</script>',
  ),
  'pop-ups': html(
    '<script>setInterval(()=>open("/"),50)</script><form><input name=u><input type=password></form>',
  ),
  'a download': (response) => {
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
    });
    flood(response, Buffer.alloc(MEBIBYTE), 64 * MEBIBYTE);
  },
  'a huge DOM': html('<script>for(let i=0;i<3e6;i++)document.write("<b>x</b>")</script>'),
  'a page of 1 GB': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    flood(response, Buffer.from('<p>x</p>'.repeat(131_072)), 1024 * MEBIBYTE);
  },
  'a memory hog': html('<script>const a=[];for(;;)a.push(new Array(1e6).fill(Math.random()))</script>'),
  'a page that loads itself again': html('<script>location.reload()</script>'),
};
