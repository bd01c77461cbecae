/** An estimate from outside of how hard generated values are to guess. */
import { parseJson } from '../../fixtures/parse-json.js';

/** What the values of one kind amount to. */
interface Estimate {
  /** Bits that differ from value to value. */
  readonly bits: number;
  /** No two values are the same. */
  readonly distinct: boolean;
  /** The values are signed or encrypted tokens, judged by the part that a guesser would have to hit. */
  readonly signed: boolean;
}

/**
 * RFC 6749 section 10.10 bounds the chance of a guess. What all values share at their beginning and end is
 * no secret and does not count: prefixes, key ids, and whatever comes from the clock, as the values were
 * drawn close together.
 */
export function estimate(values: readonly string[]): Estimate {
  const parts = values.map(readGuessedPart);
  const signed = parts.every(({ protectedBy }) => protectedBy === 'signature');
  const texts = parts.map(({ text }) => text);
  const varying = signed ? texts : stripSharedEnds(texts);
  const bits = Math.min(...varying.map((part) => effectiveLength(part, varying))) * bitsPerCharacter(varying);
  return { bits: Math.round(bits), distinct: new Set(values).size === values.length, signed };
}

/** What somebody would have to guess of a value. */
interface GuessedPart {
  readonly text: string;
  readonly protectedBy: 'signature' | 'value';
}

/** Of a JWS the signature, of a JWE the ciphertext, of an unsigned JWT the payload, of anything else the whole value. */
function readGuessedPart(value: string): GuessedPart {
  const segments = value.split('.');
  const [header = '', payload = '', signature = ''] = segments;
  if (!isJoseHeader(header)) return { text: value, protectedBy: 'value' };
  if (segments.length === 5) return { text: segments[3] ?? '', protectedBy: 'signature' };
  if (segments.length !== 3) return { text: value, protectedBy: 'value' };
  if (signature !== '') return { text: signature, protectedBy: 'signature' };
  return { text: Buffer.from(payload, 'base64url').toString('utf8'), protectedBy: 'value' };
}

function isJoseHeader(segment: string): boolean {
  try {
    const header: unknown = parseJson(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && 'alg' in header;
  } catch {
    return false;
  }
}

function stripSharedEnds(values: readonly string[]): readonly string[] {
  const shortest = Math.min(...values.map((value) => value.length));
  const first = values[0] ?? '';
  let start = 0;
  while (start < shortest && values.every((value) => value[start] === first[start])) start += 1;
  let end = 0;
  while (end < shortest - start && values.every((value) => value.at(-1 - end) === first.at(-1 - end)))
    end += 1;
  return values.map((value) => value.slice(start, value.length - end));
}

const DECIMAL = /^[0-9]*$/;
const HEXADECIMAL = /^([0-9a-f]*|[0-9A-F]*)$/;
const ONE_CASE = /^([0-9a-z]*|[0-9A-Z]*)$/;

function alphabetClass(value: string): string {
  return value.replace(/[^A-Za-z0-9]/g, '');
}

function bitsPerCharacter(values: readonly string[]): number {
  const all = alphabetClass(values.join(''));
  if (DECIMAL.test(all)) return Math.log2(10);
  if (HEXADECIMAL.test(all)) return Math.log2(16);
  if (ONE_CASE.test(all)) return Math.log2(36);
  return isBase64(values) ? Math.log2(64) : Math.log2(62);
}

/** With letters of both cases, - and _ (or + and /) belong to the alphabet; else they separate groups. */
function isBase64(values: readonly string[]): boolean {
  const all = values.join('');
  return /[-_+/]/.test(all) && /[a-z]/.test(all) && /[A-Z]/.test(all);
}

function effectiveLength(value: string, values: readonly string[]): number {
  return isBase64(values) ? value.replace(/[^A-Za-z0-9\-_+/]/g, '').length : alphabetClass(value).length;
}
