/** The command that judges one requirement again, as a person would type it. */
import type { RunOptions } from './options.js';

type Relevant = Pick<RunOptions, 'target' | 'defects' | 'profile' | 'browserPath'>;

/** @returns a function from a requirement's id to the command */
export function againCommand({ target, defects, profile, browserPath }: Relevant): (id: string) => string {
  const start = [
    'npx polar-conformance run',
    ...(target === null ? [] : [quoted(target)]),
    ...defects.map((id) => `--defect ${id}`),
    ...(profile === null ? [] : [`--profile ${profile}`]),
    ...(browserPath === null ? [] : [`--browser ${quoted(browserPath)}`]),
  ].join(' ');
  return (id) => `${start} --only ${id}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
