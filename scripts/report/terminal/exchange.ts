/** One exchange in a few lines: enough to see what was sent and what came, the rest is in the report file. */
import type { ExchangeRecord } from '../../../fixtures/evidence/exchange.js';
import type { Result } from '../../../suites/result.js';
import { clipped, labelled, plain } from './text.js';

const BODY_LIMIT = 320;
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
    `${request.method} ${request.url}${which}`,
    ...fields(request.headers, TELLING_REQUEST),
    ...body(request.body),
  ];
  const answer = [
    response.status === 0 ? 'no answer' : `HTTP ${response.status}`,
    ...fields(response.headers, TELLING_RESPONSE),
    ...body(response.body),
  ];
  return [
    ...labelled('Sent', plain(sent.join('\n')), width),
    ...labelled('Answer', plain(answer.join('\n')), width),
  ];
}

function fields(headers: Readonly<Record<string, string>>, telling: readonly string[]): readonly string[] {
  return telling.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [`${name}: ${clipped(value, 160)}`];
  });
}

function body(text: string): readonly string[] {
  return text.trim() === '' ? [] : [clipped(text.trim().replace(/\s*\n\s*/g, ' '), BODY_LIMIT)];
}
