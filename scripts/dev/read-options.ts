/** Options of the scripts for developers: a mistake in them is one sentence and exit code 2, before anything starts. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';

const USAGE = 2;

/** @returns what `parseArgs` reads; ends the process if it can't read it */
export function readOptions<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (problem) {
    const [sentence = ''] = String(problem instanceof Error ? problem.message : problem).split(/(?<=\.) |\n/);
    const known = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    const offer = known.length === 0 ? 'There are no options.' : `The options are ${known.join(', ')}.`;
    return refuse(`${sentence.replace(/\.?$/, '.')} ${offer}`);
  }
}

/** @returns a whole number from `least`; ends the process if it isn't one */
export function readCount(flag: string, text: string, least: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count >= least) return count;
  return refuse(`${flag} ${text} must be a whole number from ${least}.`);
}

/** @returns the names; ends the process if one of them isn't known */
export function readNames<Name extends string>(
  flag: string,
  names: readonly string[],
  known: readonly Name[],
): readonly Name[] {
  return names.map(
    (name) =>
      known.find((one) => one === name) ?? refuse(`${flag} ${name} must be one of ${known.join(', ')}.`),
  );
}

/** @returns the path of a file in a folder that exists; ends the process if there is no such folder */
export function readOutputFile(flag: string, path: string): string {
  const folder = dirname(resolve(path));
  return existsSync(folder) ? path : refuse(`${flag} ${path}: the folder ${folder} does not exist.`);
}

/** Ends the process with this sentence. */
export function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(USAGE);
}
