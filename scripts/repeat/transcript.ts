/** What `repeat` prints while a check runs: each exchange in full, next to the command that sends it again. */
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import { clip, escapeControls, type Palette } from '../../fixtures/output/terminal-text.js';
import { formatCurl } from './curl.js';
import { Variables } from './variables.js';

/** Characters of a body. */
const BODY_LIMIT = 8_000;

export class Transcript {
  readonly #variables = new Variables();
  /** What was printed last, by its number. */
  readonly #printed = new Map<number, ExchangeRecord>();

  constructor(
    private readonly print: (text: string) => void,
    private readonly paint: Palette,
  ) {}

  /** Prints an exchange. If it was printed before, prints only the body that was read since then. */
  add(exchange: ExchangeRecord): void {
    const { n, note, request, response, durationMs } = exchange;
    const printed = this.#printed.get(n);
    if (printed !== undefined && !isSame(printed, exchange)) {
      this.#printed.clear();
      this.print(`${this.paint.bold('That ended in an error, so the check runs once more.')}\n\n`);
    } else if (printed !== undefined) {
      this.#block(`${n}. The page, once it was read`, [this.#text(clipBody(response.body))]);
      return;
    }
    this.#printed.set(n, exchange);
    this.#block(`${n}. ${note === '' ? request.method : note}`, [
      this.#text(formatMessage(`${request.method} ${request.url}`, request.headers, request.body)),
      this.paint.dim(`Answer after ${durationMs} ms:`),
      this.#text(formatMessage(formatStatus(response.status), response.headers, response.body)),
      // Not indented: a command is there to be copied.
      this.paint.cyan(formatCurl(request, this.#variables).join('\n')),
    ]);
  }

  /** Prints what each variable in the commands means. */
  end(): void {
    const variables = this.#variables.all();
    if (variables.length === 0) return;
    const widest = Math.max(...variables.map(({ name }) => name.length));
    this.#block('Variables in the commands; set each one before you run a command', [
      variables
        .map(({ name, label }) => `$${name.padEnd(widest)}  ${escapeControls(describeVariable(label))}`)
        .join('\n'),
    ]);
  }

  #block(title: string, parts: readonly string[]): void {
    this.print(
      `${this.paint.bold(escapeControls(title).replaceAll('\n', ' '))}\n\n${parts.join('\n\n')}\n\n`,
    );
  }

  #text(text: string): string {
    return escapeControls(text)
      .split('\n')
      .map((line) => (line === '' ? '' : `  ${line}`))
      .join('\n');
  }
}

/** Whether it's the same exchange, with a body that was read since then; a second try starts again at 1. */
function isSame(printed: ExchangeRecord, exchange: ExchangeRecord): boolean {
  return printed.response.body === '' && JSON.stringify(printed.request) === JSON.stringify(exchange.request);
}

function formatStatus(status: number): string {
  return status === 0 ? 'no answer' : `HTTP ${status}`;
}

function formatMessage(start: string, headers: Readonly<Record<string, string>>, body: string): string {
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    value.split('\n').map((line) => `${name}: ${line}`),
  );
  return [start, ...fields, ...(body === '' ? [] : ['', clipBody(body)])].join('\n').trimEnd();
}

function clipBody(body: string): string {
  const clipped = clip(body, BODY_LIMIT);
  return clipped === body ? body : `${clipped}\n(in full in the JSON report of a run)`;
}

/** The label says which value it was here; a few need another word. */
function describeVariable(label: string): string {
  if (label.startsWith('Basic credentials')) {
    return `${label}: client_id:client_secret, each form-encoded, together base64-encoded`;
  }
  if (label.startsWith('may be secret')) return `${label}: hidden because it looks random`;
  if (label.startsWith('session of ')) return `${label}: its cookies, as name=value; name=value`;
  if (label.startsWith('part of ')) return `${label}: some characters of it`;
  return label;
}
