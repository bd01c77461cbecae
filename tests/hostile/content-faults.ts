/** Bodies that are encoded, or filled, in ways that trip up those who read them. Some say the same as the healthy one. */
import { brotliCompressSync, constants, deflateRawSync, gzipSync } from 'node:zlib';
import { alter, type Fault, type Healthy, MEBIBYTE } from './answers.js';

const encoded = (name: string, encode: (body: Buffer) => Buffer): Fault =>
  alter(({ headers, body }) => ({ headers: [...headers, ['content-encoding', name]], body: encode(body) }));

const inCharset = (charset: string, encode: (text: string) => Buffer): Fault =>
  alter(({ headers, body }) => ({
    headers: headers.map(([name, value]) =>
      name === 'content-type' ? [name, `${value.split(';')[0]}; charset=${charset}`] : [name, value],
    ),
    body: encode(body.toString('utf8')),
  }));

/** Puts members in front of those of a JSON object, and leaves a page as it is. */
const withMembers = (members: () => string): Fault =>
  alter(({ body }: Healthy) => ({
    body: Buffer.from(body.toString('utf8').replace(/^\s*\{/, () => `{${members()},`)),
  }));

const BROTLI_BOMB = brotliCompressSync(Buffer.alloc(256 * MEBIBYTE, ' '), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
});
const ZSTD_FRAME = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa4, 0xff, 0xff, 0xff, 0x7f]);

export const CONTENT_FAULTS: Readonly<Record<string, Fault>> = {
  'gzip that is cut off': encoded('gzip', (body) => gzipSync(body).subarray(0, -12)),
  'gzip in name only': encoded('gzip', (body) => body),
  'five layers of gzip': encoded('gzip, gzip, gzip, gzip, gzip', (body) =>
    [1, 2, 3, 4, 5].reduce((packed) => gzipSync(packed), body),
  ),
  'a brotli bomb': encoded('br', () => BROTLI_BOMB),
  'zstd that is cut off': encoded('zstd', () => ZSTD_FRAME),
  'deflate without its header': encoded('deflate', (body) => deflateRawSync(body)),
  'an unknown encoding': encoded('x-hostile', (body) => body),
  'UTF-16': inCharset('utf-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')),
  'UTF-7': inCharset('utf-7', (text) => Buffer.from(text.replaceAll('"', '+ACI-'))),
  'an unknown charset': inCharset('hostile-8', (text) => Buffer.from(text)),
  'a byte order mark': alter(({ body }) => ({ body: Buffer.concat([Buffer.from('\ufeff'), body]) })),
  'NUL bytes': alter(({ body }) => ({ body: Buffer.concat([body, Buffer.alloc(64)]) })),
  'lone surrogates': withMembers(() => '"\\ud800":"\\udfff","error_description":"\\ud800"'),
  'members that are there twice': withMembers(
    () => '"issuer":"https://x.example","access_token":"x","token_type":"mac","keys":[]',
  ),
  'numbers beyond all bounds': alter(({ body }) => ({
    body: Buffer.from(
      body
        .toString('utf8')
        .replace(/"expires_in":\d+/, '"expires_in":1e999')
        .replace(/^\{/, '{"interval":-1e999,"max_age":1e-999,'),
    ),
  })),
  'a string of 900 KB': withMembers(() => `"scope":"${'openid '.repeat(130_000)}"`),
  'a list of 200,000 members': withMembers(() => `"scopes_supported":[${'"a",'.repeat(200_000)}"b"]`),
  'a name of 900 KB': withMembers(() => `"${'n'.repeat(900_000)}":1`),
  'escapes for a terminal': alter(() => ({
    status: 400,
    body: Buffer.from(
      JSON.stringify({
        error: '\u001b[2J\u001b]0;x\u0007',
        error_description: '\r\n::error::x\r\n##vso[task.x]y\u202e',
      }),
    ),
  })),
};
