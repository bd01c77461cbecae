/** Answers that bend HTTP itself. Some are allowed, and must do no harm to a verdict. */
import { createServer, type Socket } from 'node:net';
import { alter, type Fault, head, raw, rewrite } from './answers.js';

const KIB = 1024;
const LONG = 'x'.repeat(400 * KIB);
const used = new WeakSet<object>();

const redirect = (location: string): Fault =>
  raw(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
const chunks = (body: Buffer, end = '0\r\n\r\n'): readonly (string | Buffer)[] => [
  `${body.length.toString(16)}\r\n`,
  body,
  `\r\n${end}`,
];

export const PROTOCOL_FAULTS: Readonly<Record<string, Fault>> = {
  'a kept connection that closes at its second request': (response, _, healthy) => {
    const { socket } = response;
    if (socket === null) return;
    if (used.has(socket)) return void socket.destroy();
    used.add(socket);
    healthy()
      .then(({ status, headers, body }) => {
        for (const [name, value] of headers) response.appendHeader(name, value);
        response.writeHead(status, { 'content-length': body.length });
        response.end(body);
      })
      .catch(() => response.destroy());
  },
  'HTTP/1.0': rewrite((answer) => [head(answer).replace('HTTP/1.1', 'HTTP/1.0'), answer.body]),
  'garbage behind the last chunk': rewrite((answer) => [
    head(answer, 'Transfer-Encoding: chunked'),
    ...chunks(answer.body, '0\r\n\r\ngarbage\u0000\r\n\r\n'),
  ]),
  'a broken chunk': rewrite((answer) => [
    head(answer, 'Transfer-Encoding: chunked'),
    ...chunks(answer.body, 'zz\r\n\r\n'),
  ]),
  'two lengths': rewrite((answer) => [
    head(answer, `Content-Length: ${answer.body.length}`, 'Content-Length: 3'),
    answer.body,
  ]),
  'a length and chunks': rewrite((answer) => [
    head(answer, 'Content-Length: 3', 'Transfer-Encoding: chunked'),
    ...chunks(answer.body),
  ]),
  'a trailer of 400 KB': rewrite((answer) => [
    head(answer, 'Transfer-Encoding: chunked', 'Trailer: X'),
    ...chunks(answer.body, `0\r\nX: ${LONG}\r\n\r\n`),
  ]),
  '100 Continue in front': rewrite((answer) => [
    'HTTP/1.1 100 Continue\r\n\r\n',
    head(answer, `Content-Length: ${answer.body.length}`),
    answer.body,
  ]),
  '103 with 400 KB of headers': rewrite((answer) => [
    `HTTP/1.1 103 Early Hints\r\nLink: <${LONG}>\r\n\r\n`,
    head(answer, `Content-Length: ${answer.body.length}`),
    answer.body,
  ]),
  '101 out of the blue': raw(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nxyz',
  ),
  '204 with a body': alter(() => ({ status: 204 })),
  '304 out of the blue': raw('HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'),
  'a challenge for a password': raw(
    'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
  ),
  'a challenge from no proxy': raw(
    'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
  ),
  'a request to wait for a year': raw(
    'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 31536000\r\nContent-Length: 0\r\n\r\n',
  ),
  'a request to wait for -1 seconds': raw(
    'HTTP/1.1 503 Service Unavailable\r\nRetry-After: -1\r\nContent-Length: 0\r\n\r\n',
  ),
  'silence in the middle': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"a":');
  },
  'a header of 400 KB': alter(({ headers }) => ({ headers: [...headers, ['x', LONG]] })),
  'a content type of 20 KB': alter(({ headers }) => ({
    headers: headers.map(([name, value]) =>
      name === 'content-type' ? [name, `${value};${' '.repeat(20 * KIB)}`] : [name, value],
    ),
  })),
  '1,500 cookies': alter(({ headers }) => ({
    headers: [
      ...headers,
      ...Array.from({ length: 1_500 }, (_, index): [string, string] => [
        'set-cookie',
        `hostile-${index}=1; Path=/`,
      ]),
    ],
  })),
  'cookies that grow': (response, page, healthy) => {
    const cookie = response.req.headers.cookie ?? '';
    const grown = `hostile=${cookie.slice(0, 3_000)}${'x'.repeat(900)}`.replaceAll(/[;\s]/g, '.');
    alter(({ headers }) => ({
      headers: [
        ...headers,
        ['set-cookie', `${grown}; Path=/`],
        ['set-cookie', `n${Math.random()}=${grown}; Path=/`],
      ],
    }))(response, page, healthy);
  },
  'orders to the browser': alter(({ headers }) => ({
    headers: [
      ...headers,
      ['Strict-Transport-Security', 'max-age=99999999999; includeSubDomains'],
      ['Clear-Site-Data', '"*"'],
      ['Alt-Svc', 'h2=":1"'],
      ['Link', '</hang>; rel=preload; as=script'],
    ],
  })),
  'a Refresh header': alter(({ headers }) => ({ headers: [...headers, ['Refresh', '0']] })),
  'a redirect to file:': redirect('file:///etc/passwd'),
  'a redirect to data:': redirect(
    'data:text/html,<form><input type=password name=p><button>Login</button></form>',
  ),
  'a redirect to javascript:': redirect('javascript:alert(1)'),
  'a redirect to about:': redirect('about:blank'),
  'a redirect to nowhere': redirect(''),
  'a redirect to IPv6 only': redirect('http://[::1]:4999/'),
  'redirects that grow': (response) => {
    const url = response.req.url ?? '/';
    response.writeHead(302, { location: `${url}${url.includes('?') ? '&' : '?'}more=${'x'.repeat(500)}` });
    response.end();
  },
  'a redirect to a silent port': (response, page, healthy) => {
    void openSilentPort().then((port) => redirect(`http://localhost:${port}/`)(response, page, healthy));
  },
};

/** A listener that accepts connections and never says anything; it doesn't keep this process alive. */
async function openSilentPort(): Promise<number> {
  silent ??= new Promise((resolve) => {
    const server = createServer((socket: Socket) => socket.on('error', () => undefined).unref());
    server.unref();
    server.listen(0, 'localhost', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return silent;
}

let silent: Promise<number> | undefined;
