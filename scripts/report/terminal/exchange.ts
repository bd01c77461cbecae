/** One exchange in a few lines: enough to see what was sent and what came. The report file has the rest. */
import type { ExchangeRecord } from '../../../fixtures/evidence/exchange.js';
import { readJwt } from '../../../fixtures/evidence/jwt-parts.js';
import { clip, escapeControls, formatLabeled } from '../../../fixtures/output/terminal-text.js';
import { isObject, parseJson } from '../../../fixtures/parse-json.js';
import { stripQuery } from '../../../fixtures/urls.js';

const BODY_LIMIT = 320;
const MAX_MEMBERS = 20;
const MEMBER_LIMIT = 120;
/** Headers that explain a request; the others come from the transport. */
const SHOWN_REQUEST_HEADERS = ['authorization', 'content-type'];
const SHOWN_RESPONSE_HEADERS = ['content-type', 'location', 'www-authenticate'];

/** @returns the lines that show the request and the response */
export function formatExchange(exchange: ExchangeRecord, of: number, width: number): readonly string[] {
  const { request, response, note, n } = exchange;
  const which =
    of > 1 ? ` (exchange ${n} of ${of}${note === '' ? '' : `: ${note}`})` : note === '' ? '' : ` (${note})`;
  const sent = [
    `${request.method} ${removeQuery(request.url)}${which}`,
    ...formatQuery(request.url),
    ...formatHeaders(request.headers, SHOWN_REQUEST_HEADERS),
    ...formatBody(request.body, request.headers['content-type'] ?? ''),
  ];
  const answer = [
    response.status === 0 ? 'no answer' : `HTTP ${response.status}`,
    ...formatHeaders(response.headers, SHOWN_RESPONSE_HEADERS),
    ...formatBody(response.body, response.headers['content-type'] ?? ''),
  ];
  return [
    ...formatLabeled('Sent', escapeControls(sent.join('\n')), width),
    ...formatLabeled('Answer', escapeControls(answer.join('\n')), width),
  ];
}

function formatHeaders(
  headers: Readonly<Record<string, string>>,
  telling: readonly string[],
): readonly string[] {
  return telling.flatMap((name) => {
    const value = headers[name];
    if (value === undefined) return [];
    // A redirect is easier to read by its parameters.
    if (name === 'location') return [`${name}: ${removeQuery(value)}`, ...formatQuery(value)];
    return [`${name}: ${clip(value, MEMBER_LIMIT)}`];
  });
}

/** A form has one field per line, JSON one member per line, so that differences are easy to see. */
function formatBody(text: string, mediaType: string): readonly string[] {
  if (text.trim() === '') return [];
  const members = mediaType.includes('form-urlencoded') ? parseFormFields(text) : parseJsonMembers(text);
  if (members === null) return [clip(text.trim().replace(/\s*\n\s*/g, ' '), BODY_LIMIT)];
  return limitMembers(members);
}

function limitMembers(members: readonly string[]): readonly string[] {
  const shown = members.slice(0, MAX_MEMBERS).map((member) => clip(member, MEMBER_LIMIT));
  return members.length > MAX_MEMBERS ? [...shown, `… ${members.length - MAX_MEMBERS} more`] : shown;
}

/** The query or the fragment begins at the first of these. */
const PARAMETERS = /[?#]/;

function removeQuery(url: string): string {
  return clip(stripQuery(url), BODY_LIMIT);
}

function formatQuery(url: string): readonly string[] {
  const at = url.search(PARAMETERS);
  if (at === -1) return [];
  const mark = url.charAt(at);
  return limitMembers(
    parseFormFields(url.slice(at + 1)).map((field) => `  ${mark === '#' ? '#' : ''}${field}`),
  );
}

function parseFormFields(text: string): readonly string[] {
  return [...new URLSearchParams(text)].map(([name, value]) => `${name}=${value}`);
}

function parseJsonMembers(text: string): readonly string[] | null {
  try {
    const value: unknown = parseJson(text);
    if (!isObject(value)) return null;
    return Object.entries(value).flatMap(([name, member]) => formatMember(name, member));
  } catch {
    return null;
  }
}

/** A JWT is only readable decoded. */
function formatMember(name: string, member: unknown): readonly string[] {
  const jwt = typeof member === 'string' ? readJwt(member) : null;
  if (jwt === null) return [`${name}: ${JSON.stringify(member)}`];
  return [
    `${name}, header: ${JSON.stringify(jwt.header)}`,
    ...Object.entries(jwt.claims).map(([claim, value]) => `${name}, ${claim}: ${JSON.stringify(value)}`),
  ];
}
