/** Where a command prints: the two streams, and what the terminal can do. */

import { makeHarmless } from './report/harmless.js';

export interface Screen {
  readonly width: number;
  readonly colors: boolean;
  /** A line can be rewritten. */
  readonly animates: boolean;
  /** To standard output; what would move the cursor or command a CI system is shown instead. */
  print(text: string): void;
  /** A line beside the output proper. */
  note(line: string): void;
  /** Commands for the CI system that are meant to be obeyed; everything in them is escaped already. */
  command(lines: string): void;
  /** One sentence that says why there is no more. */
  problem(sentence: string): void;
}

/** Below this a progress display is no help. */
const MIN_ANIMATED_WIDTH = 40;
const DEFAULT_WIDTH = 80;

export function createScreen(): Screen {
  const { stdout, stderr, env } = process;
  const width = stdout.columns ?? DEFAULT_WIDTH;
  const refused = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  for (const stream of [stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const terminal = stdout.isTTY === true && env.TERM !== 'dumb';
  const colors = !refused && (terminal || forced);
  return {
    width: width > 0 ? width : DEFAULT_WIDTH,
    colors,
    animates: terminal && width >= MIN_ANIMATED_WIDTH && env.CI === undefined,
    print: (text) => {
      stdout.write(makeHarmless(text, colors));
    },
    note: (line) => {
      stderr.write(makeHarmless(`${line}\n`, colors));
    },
    command: (lines) => {
      stderr.write(lines);
    },
    problem: (sentence) => {
      stderr.write(makeHarmless(`${sentence}\n`, colors));
    },
  };
}

/** Whoever read has read enough, as `head` does: that is no fault, and the command still ends with its own code. */
function ignoreClosedPipe(problem: NodeJS.ErrnoException): void {
  if (problem.code !== 'EPIPE') throw problem;
}
