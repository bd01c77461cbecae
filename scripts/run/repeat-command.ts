/** The command that runs one check again, as a user would type it. */
import { quoteForShell } from '../../fixtures/output/shell-word.js';
import { SANDBOX_NAME } from './choose-target.js';
import type { RunOptions } from './options.js';

type Relevant = Pick<
  RunOptions,
  | 'target'
  | 'defects'
  | 'profile'
  | 'browserPath'
  | 'timeoutMs'
  | 'maxWait'
  | 'rate'
  | 'intrusive'
  | 'thorough'
>;

/** @returns a function from a requirement's id to the command, including everything that may change its verdict */
export function createRepeatCommand(options: Relevant): (id: string) => string {
  const { target, defects, profile, browserPath, timeoutMs, maxWait, rate, intrusive, thorough } = options;
  const rest = [
    ...formatTarget(target, defects),
    ...(profile === null ? [] : ['--profile', [profile].flat().join(',')]),
    ...(browserPath === null ? [] : ['--browser', quoteForShell(browserPath)]),
    ...(timeoutMs === null ? [] : ['--timeout', String(timeoutMs / 1000)]),
    ...(maxWait === 0 ? [] : ['--max-wait', String(maxWait)]),
    ...(rate === null ? [] : ['--rate', String(rate)]),
    ...(intrusive ? ['--intrusive'] : []),
    ...(thorough ? ['--thorough'] : []),
  ];
  return (id) => ['npx polar-conformance repeat', id, ...rest].join(' ');
}

function formatTarget(target: string | null, defects: readonly string[]): readonly string[] {
  if (target !== null) return [quoteForShell(target)];
  return defects.length === 0 ? [SANDBOX_NAME] : defects.flatMap((id) => ['--defect', id]);
}
