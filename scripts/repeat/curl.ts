/** An exchange as a curl command for a POSIX shell. Secrets are variables, so the command is safe to share. */
import type { SentRequest } from '../../fixtures/evidence/exchange.js';
import { formatShellWord } from '../../fixtures/output/shell-word.js';
import type { Variables } from './variables.js';

/** Headers that curl writes by itself. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'transfer-encoding',
]);
const FORM = 'application/x-www-form-urlencoded';

/**
 * @param request with a label for every secret, as in the evidence
 * @returns the lines of the command; a single comment if no command can express it
 */
export function formatCurl(request: SentRequest, variables: Variables): readonly string[] {
  const { method, url, headers, body } = request;
  if ([method, url, body, ...Object.values(headers)].some((text) => text.includes('\0'))) {
    return ['# No command can send this request: it holds a zero byte.'];
  }
  const word = (text: string) => formatShellWord(variables.pieces(text));
  const parts = [
    ['curl', '-i', '-sS', ...findUrlOptions(url), ...findMethodOptions(method, body)].join(' '),
    ...formatHeaders(headers, url, body).map((line) => `-H ${word(line)}`),
    ...formatBody(body, headers['content-type'] ?? '', variables),
    word(url),
  ];
  return parts.map(
    (part, index) => `${index === 0 ? '' : '  '}${part}${index < parts.length - 1 ? ' \\' : ''}`,
  );
}

function findUrlOptions(url: string): readonly string[] {
  return [
    // For curl, brackets and braces are patterns, and it removes dots from paths.
    ...(/[[\]{}]/.test(url) ? ['-g'] : []),
    ...(/\/\.{1,2}(\/|$|[?#])/.test(url) ? ['--path-as-is'] : []),
  ];
}

function findMethodOptions(method: string, body: string): readonly string[] {
  if (method === 'HEAD') return ['-I'];
  if (method === (body === '' ? 'GET' : 'POST')) return [];
  return ['-X', formatShellWord([method])];
}

function formatHeaders(headers: SentRequest['headers'], url: string, body: string): readonly string[] {
  const lines = Object.entries(headers)
    .filter(([name, value]) => !OWN_HEADERS.has(name) || (name === 'host' && value !== findHost(url)))
    .filter(([name, value]) => !(name === 'accept' && value === '*/*'))
    // A semicolon tells curl to send a header with no value.
    .map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`));
  // curl calls every body a form unless told otherwise.
  return body !== '' && headers['content-type'] === undefined ? [...lines, 'content-type:'] : lines;
}

function findHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

/** In a form, curl encodes a whole secret; the rest is sent exactly as it was. */
function formatBody(body: string, mediaType: string, variables: Variables): readonly string[] {
  if (body === '') return [];
  if (!mediaType.startsWith(FORM) || !body.includes('‹')) {
    return [`--data-raw ${formatShellWord(variables.pieces(body))}`];
  }
  return body.split('&').map((field) => {
    const [, name = '', value = ''] = /^([^=‹]+)=(‹[^›]+›)$/s.exec(field) ?? [];
    const option = value === '' ? '--data-raw' : '--data-urlencode';
    return `${option} ${formatShellWord(variables.pieces(value === '' ? field : `${name}=${value}`))}`;
  });
}
