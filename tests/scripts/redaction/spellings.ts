/**
 * How a secret may be written, and a search for it: an account of its own, which shares nothing with the code that
 * redacts. Twelve characters of a secret, in any of these spellings, count as found.
 */
import { alterSecret } from '../../../fixtures/evidence/alter-secret.js';

const RUN = 12;

/** @returns the value as it is, altered, percent-encoded, in base64, and escaped for JSON and HTML */
function spellingsOf(value: string): readonly string[] {
  const changed = (['middle', 'last', 'longer', 'shorter', 'case'] as const).map(
    (how) => alterSecret(value, how).value,
  );
  return [value, ...changed].flatMap((one) => [
    one,
    encodeURIComponent(one),
    JSON.stringify(one).slice(1, -1),
    escapedForHtml(one),
    ...base64Spellings(one),
  ]);
}

/** What a hostile server does with a value: each of these is one way of saying it. */
export function saidInEveryWay(value: string): readonly string[] {
  return [
    value,
    encodeURIComponent(value),
    everyByte(value),
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('base64url'),
    Buffer.from(`client:${value}`).toString('base64'),
    Buffer.from(`id:${value}`).toString('base64'),
    wrapped(Buffer.from(`${value}${value}`).toString('base64'), 20),
    wrapped(value, 9),
    JSON.stringify(value),
    escapedForHtml(value),
  ];
}

export function wrapped(text: string, width: number): string {
  return text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');
}

function escapedForHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');
}

function everyByte(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Inside of longer text a value begins at one of three places of a group; what it shares with its neighbors is left out. */
function base64Spellings(value: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]).toString('base64');
    const own = encoded.replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -1);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const STARTS = 2 ** 24;

/** @returns a number below STARTS that four characters have in common with few others */
function startAt(text: string, at: number): number {
  let start = 0;
  for (let place = at; place < at + 4; place++) start = start * 67 + text.charCodeAt(place);
  return start % STARTS;
}

/** Finds secrets by their runs of twelve characters, without regard to white space. */
export class Search {
  /** The run, and whose it is. */
  readonly #runs = new Map<string, string>();
  /** Marks how runs may start: most places of a text are ruled out by it, and cost nothing more. */
  readonly #starts = new Uint8Array(STARTS);

  /** @param secrets what it is, by the value */
  constructor(secrets: ReadonlyMap<string, string>) {
    for (const [value, name] of secrets) {
      for (const spelling of spellingsOf(value)) {
        const text = withoutSpace(spelling);
        for (let at = 0; at + RUN <= text.length; at++) {
          this.#runs.set(text.slice(at, at + RUN), name);
          this.#starts[startAt(text, at)] = 1;
        }
      }
    }
    // Each kind begins with the same letters: these alone are no secret.
    for (const prefix of PREFIXES) {
      for (const spelling of [prefix, ...base64Spellings(prefix)]) {
        for (let at = 0; at + RUN <= spelling.length; at++) this.#runs.delete(spelling.slice(at, at + RUN));
      }
    }
  }

  /** @returns a line for each place where a secret stands: what it is, and the text around it */
  in(text: string): readonly string[] {
    const places = new Set<string>();
    for (const view of viewsOf(text)) {
      for (let at = 0; at + RUN <= view.length; at++) {
        if (this.#starts[startAt(view, at)] === 0) continue;
        const name = this.#runs.get(view.slice(at, at + RUN));
        if (name === undefined) continue;
        places.add(`${name}: …${view.slice(Math.max(0, at - 80), at + 60)}…`);
        at += RUN;
      }
    }
    return [...places];
  }
}

const PREFIXES = ['polar_pat_', 'polar_at_u_', 'polar_at_o_', 'polar_rt_u_', 'polar_rt_o_'] as const;

/** The text itself, and as a reader of JSON or of HTML would see it. */
function viewsOf(text: string): ReadonlySet<string> {
  const json = text.replace(/\\u([0-9a-f]{4})|\\([nrt])|\\(["\\/])/gi, (_, code, space, plain) => {
    if (typeof code === 'string') return String.fromCharCode(Number.parseInt(code, 16));
    return typeof space === 'string' ? ' ' : String(plain);
  });
  const html = text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replace(/&#(39|x27);|&apos;/g, "'")
    .replaceAll('&amp;', '&');
  const percent = text.replace(/%([0-7][0-9a-f])/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return new Set([text, json, json.replace(/\\[nrt]/g, ''), html, percent].map(withoutSpace));
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
