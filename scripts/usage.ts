/** What yargs found wrong, as one sentence with the nearest option that exists. */
import { closest } from 'fastest-levenshtein';

interface Parser {
  /** yargs gives this at run time: all options that the command knows. */
  readonly getOptions?: unknown;
}

/** @param parser the yargs instance that failed */
export function yargsSentence(message: string, parser: unknown): string {
  const line = message
    .split('\n')
    .filter((part) => part.trim() !== '')
    .map((part) => part.trim())
    .join(' ');
  const name = /^Unknown arguments?: ([^,\s]+)/.exec(line)?.[1];
  if (name === undefined) return line;
  const known = knownOptions(parser);
  if (known.length === 0) return `There is no option --${name}.`;
  return `There is no option --${name}. Did you mean --${closest(name, [...known])}?`;
}

function knownOptions(parser: unknown): readonly string[] {
  if (typeof parser !== 'object' || parser === null || !('getOptions' in parser)) return [];
  const { getOptions }: Parser = parser;
  const options: unknown = typeof getOptions === 'function' ? getOptions.call(parser) : undefined;
  if (typeof options !== 'object' || options === null || !('key' in options)) return [];
  return typeof options.key === 'object' && options.key !== null ? Object.keys(options.key) : [];
}
