/** Where a command prints: the two streams, and what the terminal can do. */

import { explainWriteError } from '../fixtures/output/write-file.js';
import { makeHarmless } from './report/harmless.js';

export interface Screen {
  readonly width: number;
  readonly colors: boolean;
  /** A line can be rewritten. */
  readonly animates: boolean;
  /** To standard output; what would move the cursor or command a CI system is shown instead. */
  print(text: string): void;
  /** Erases the line that the cursor is on, which `print` can't do. */
  eraseLine(): void;
  /** A line beside the output proper. */
  note(line: string): void;
  /** Commands for the CI system that are meant to be obeyed; everything in them is escaped already. */
  command(lines: string): void;
  /** One sentence that says why there is no more. */
  problem(sentence: string): void;
}

/** The screen of this process. */
export interface ProcessScreen extends Screen {
  /** Whether standard output took everything; a closed pipe has taken what its reader wanted. */
  isIntact(): boolean;
}

/** Below this a progress display is no help. */
const MIN_ANIMATED_WIDTH = 40;
const DEFAULT_WIDTH = 80;

export function createScreen(): ProcessScreen {
  const { stdout, stderr, env } = process;
  const width = stdout.columns ?? DEFAULT_WIDTH;
  const refused = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  let lost = false;
  const lose = (problem: unknown) => {
    if (lost || isClosedPipe(problem)) return;
    lost = true;
    write(stderr, `Standard output could not be written: ${explainWriteError(problem)}.\n`, () => undefined);
  };
  stdout.on('error', lose);
  // If this fails, there is nowhere left to say so.
  stderr.on('error', () => undefined);
  const terminal = stdout.isTTY === true && env.TERM !== 'dumb';
  const colors = !refused && (terminal || forced);
  return {
    width: width > 0 ? width : DEFAULT_WIDTH,
    colors,
    animates: terminal && width >= MIN_ANIMATED_WIDTH && env.CI === undefined,
    print: (text) => {
      if (!lost) write(stdout, makeHarmless(text, colors), lose);
    },
    eraseLine: () => {
      if (!lost && terminal) write(stdout, '\r\u001b[2K', lose);
    },
    note: (line) => {
      write(stderr, makeHarmless(`${line}\n`, colors), () => undefined);
    },
    command: (lines) => {
      write(stderr, lines, () => undefined);
    },
    problem: (sentence) => {
      write(stderr, makeHarmless(`${sentence}\n`, colors), () => undefined);
    },
    isIntact: () => !lost,
  };
}

/** A stream to a file writes at once and throws; any other reports an error later. */
function write(stream: NodeJS.WriteStream, text: string, onError: (problem: unknown) => void): void {
  try {
    stream.write(text);
  } catch (problem) {
    onError(problem);
  }
}

/** A reader that has seen enough, as `head` has, is no problem: the command still ends with its own code. */
function isClosedPipe(problem: unknown): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === 'EPIPE';
}
