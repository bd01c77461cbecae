/** One exchange in a few lines: enough to see what was sent and what came, the rest is in the report file. */
import { type ExchangeRecord, isObject } from '../../../fixtures/evidence/exchange.js';
import type { Result } from '../../../suites/result.js';
import { clipped, labelled, plain } from './text.js';

const BODY_LIMIT = 320;
const MOST_MEMBERS = 12;
const MEMBER_LIMIT = 120;
/** Header fields that explain a request; the others are the transport's own. */
const TELLING_REQUEST = ['authorization', 'content-type'];
const TELLING_RESPONSE = ['content-type', 'location', 'www-authenticate'];

/** @returns the exchange that decided: a check stops at the judgement that fails, so it is the last one */
export function decisive(result: Pick<Result, 'evidence'>): ExchangeRecord | undefined {
  return result.evidence.at(-1);
}

/** @returns the lines that show what was sent and what was answered */
export function exchangeLines(exchange: ExchangeRecord, of: number, width: number): readonly string[] {
  const { request, response, note, n } = exchange;
  const which =
    of > 1 ? ` (exchange ${n} of ${of}${note === '' ? '' : `: ${note}`})` : note === '' ? '' : ` (${note})`;
  const sent = [
    `${request.method} ${withoutQuery(request.url)}${which}`,
    ...queryFields(request.url),
    ...fields(request.headers, TELLING_REQUEST),
    ...body(request.body, request.headers['content-type'] ?? ''),
  ];
  const answer = [
    response.status === 0 ? 'no answer' : `HTTP ${response.status}`,
    ...fields(response.headers, TELLING_RESPONSE),
    ...body(response.body, response.headers['content-type'] ?? ''),
  ];
  return [
    ...labelled('Sent', plain(sent.join('\n')), width),
    ...labelled('Answer', plain(answer.join('\n')), width),
  ];
}

function fields(headers: Readonly<Record<string, string>>, telling: readonly string[]): readonly string[] {
  return telling.flatMap((name) => {
    const value = headers[name];
    if (value === undefined) return [];
    // A redirect is read by its parameters.
    if (name === 'location') return [`${name}: ${withoutQuery(value)}`, ...queryFields(value)];
    return [`${name}: ${clipped(value, MEMBER_LIMIT)}`];
  });
}

/** A form one field a line, JSON one member a line: so that a difference is found by eye. */
function body(text: string, mediaType: string): readonly string[] {
  if (text.trim() === '') return [];
  const members = mediaType.includes('form-urlencoded') ? formFields(text) : jsonMembers(text);
  if (members === null) return [clipped(text.trim().replace(/\s*\n\s*/g, ' '), BODY_LIMIT)];
  return some(members);
}

function some(members: readonly string[]): readonly string[] {
  const shown = members.slice(0, MOST_MEMBERS).map((member) => clipped(member, MEMBER_LIMIT));
  return members.length > MOST_MEMBERS ? [...shown, `… ${members.length - MOST_MEMBERS} more`] : shown;
}

/** The query or the fragment begins at the first of these. */
const PARAMETERS = /[?#]/;

function withoutQuery(url: string): string {
  const at = url.search(PARAMETERS);
  return clipped(at === -1 ? url : url.slice(0, at), BODY_LIMIT);
}

function queryFields(url: string): readonly string[] {
  const at = url.search(PARAMETERS);
  if (at === -1) return [];
  const mark = url.charAt(at);
  return some(formFields(url.slice(at + 1)).map((field) => `  ${mark === '#' ? '#' : ''}${field}`));
}

function formFields(text: string): readonly string[] {
  return [...new URLSearchParams(text)].map(([name, value]) => `${name}=${value}`);
}

function jsonMembers(text: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return null;
    return Object.entries(value).map(([name, member]) => `${name}: ${JSON.stringify(member)}`);
  } catch {
    return null;
  }
}
