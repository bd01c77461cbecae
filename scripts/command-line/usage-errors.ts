/** What yargs found wrong, as one sentence with the nearest name that exists. */
import { closest } from 'fastest-levenshtein';
import { UsageError } from '../../fixtures/errors.js';

/**
 * @param message what yargs says, over several lines
 * @param words what was typed
 * @param parser the yargs instance, which knows the options of the command that was named
 */
export function describeUsageError(message: string, words: readonly string[], parser: unknown): string {
  const parts = message.split('\n').map((part) => part.trim());
  const line = parts.filter((part) => part !== '').join(' ');
  const meant = /^Did you mean (.+)\?$/.exec(line)?.[1];
  if (meant !== undefined) return `There is no command ${findCommand(words)}. Did you mean ${meant}?`;
  const valueless = /^Not enough arguments following: (\S+)/.exec(line)?.[1];
  if (valueless !== undefined) return `--${valueless} needs a value.`;
  if (line.startsWith('Not enough non-option arguments')) {
    return `${words[0] ?? ''} needs a name after it; ${words[0] ?? ''} --help tells more.`;
  }
  const unknown = /^Unknown (?:arguments?|commands?): ([^,\s]+)/.exec(line)?.[1];
  if (unknown !== undefined) return describeUnknown(unknown, words, knownOptions(parser));
  return /[.?!]$/.test(line) ? line : `${line}.`;
}

/** Commands that have commands of their own. */
const PARENTS = ['tutorial'];

/** @returns the command that was meant, by what was typed */
function findCommand(words: readonly string[]): string {
  const [first = '', second = first] = words.filter((word) => !word.startsWith('-'));
  return PARENTS.includes(first) ? second : first;
}

function describeUnknown(name: string, words: readonly string[], known: readonly string[]): string {
  const dashed = words.some((word) => word.startsWith('-') && word.replace(/^-+(no-)?|=.*$/g, '') === name);
  if (!dashed) return `Unexpected argument: ${name}.`;
  return `There is no option --${name}. Did you mean --${closest(name, [...known])}?`;
}

/**
 * yargs makes a list of an option that is given twice, which no command expects.
 * @throws UsageError for an option with one value that has several
 */
export function refuseRepeated(argv: Readonly<Record<string, unknown>>, parser: unknown): void {
  const lists = readOptionNames(parser, 'array');
  const singles = [...readOptionNames(parser, 'string'), ...readOptionNames(parser, 'number')];
  const repeated = singles.find((name) => Array.isArray(argv[name]) && !lists.includes(name));
  if (repeated !== undefined) throw new UsageError(`--${repeated} is given twice; give it once.`);
}

const knownOptions = (parser: unknown): readonly string[] => readOptionNames(parser, 'key');

/** yargs tells its options at run time, though its types do not say so. */
function readOptionNames(parser: unknown, kind: 'key' | 'array' | 'string' | 'number'): readonly string[] {
  if (typeof parser !== 'object' || parser === null || !('getOptions' in parser)) return [];
  const options: unknown = typeof parser.getOptions === 'function' ? parser.getOptions() : undefined;
  if (typeof options !== 'object' || options === null) return [];
  const named: unknown = Object.entries(options).find(([name]) => name === kind)?.[1];
  if (Array.isArray(named)) return named.map(String);
  return typeof named === 'object' && named !== null ? Object.keys(named) : [];
}
