/** The challenges of a WWW-Authenticate field, read by their grammar (RFC 9110 sections 11.2, 11.3 and 11.6.1). */
import { ERROR_TEXT, ERROR_URI } from './error-characters.js';

export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case, in the order in which they came; a name may come twice. */
  readonly params: readonly (readonly [name: string, value: string])[];
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const PARAM = new RegExp(`^(${TOKEN})[ \\t]*=[ \\t]*(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")$`);
const SCHEME = new RegExp(`^(${TOKEN})(?: +(.*))?$`, 's');
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/** @returns the challenges, or what in the field is not of the grammar */
export function parseChallenges(field: string): readonly Challenge[] | { readonly fault: string } {
  const found: { scheme: string; params: (readonly [string, string])[] }[] = [];
  for (const item of splitList(field)) {
    const param = readParam(item);
    const current = found.at(-1);
    if (param !== null) {
      if (current === undefined) return { fault: `a parameter before any scheme (${item})` };
      current.params.push(param);
      continue;
    }
    const [, scheme, rest] = SCHEME.exec(item) ?? [];
    if (scheme === undefined) return { fault: `a part that is neither scheme nor parameter (${item})` };
    const first = rest === undefined ? null : readParam(rest);
    if (rest !== undefined && first === null && !TOKEN68.test(rest))
      return { fault: `no parameter after the scheme ${scheme} (${rest})` };
    found.push({ scheme: scheme.toLowerCase(), params: first === null ? [] : [first] });
  }
  return found;
}

/** The items of a list; commas within quotes belong to the item, and empty items count as none. */
function splitList(field: string): readonly string[] {
  const items = field.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

function readParam(item: string): readonly [string, string] | null {
  const [, name, token, quoted] = PARAM.exec(item) ?? [];
  const value = token ?? quoted?.replaceAll(/\\(.)/g, '$1');
  return name === undefined || value === undefined ? null : [name.toLowerCase(), value];
}

/** RFC 6750 section 3: the characters of what a Bearer challenge says of a token. */
const BEARER_VALUES: Readonly<Record<string, RegExp>> = {
  error: ERROR_TEXT,
  error_description: ERROR_TEXT,
  error_uri: ERROR_URI,
  scope: ERROR_TEXT,
};

const isForbidden = (name: string, value: string): boolean => BEARER_VALUES[name]?.test(value) === false;

/** @returns the first fault of the challenges, as the end of a sentence; null where they are as they should be */
export function findChallengeFault(field: string): string | null {
  const challenges = parseChallenges(field);
  if ('fault' in challenges) return `has ${challenges.fault}`;
  for (const { scheme, params } of challenges) {
    const names = params.map(([name]) => name);
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined) return `has the parameter ${twice} twice in one challenge`;
    if (scheme === 'basic' && !names.includes('realm')) return 'has a Basic challenge without realm';
    if (scheme === 'bearer' && names.length === 0) return 'has a Bearer challenge without any parameter';
    const wrong = scheme === 'bearer' ? params.find(([name, value]) => isForbidden(name, value)) : undefined;
    if (wrong !== undefined) return `has characters in ${wrong[0]} that RFC 6750 forbids there`;
  }
  return null;
}
