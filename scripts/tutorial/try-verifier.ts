/** `tutorial verify-with -- CMD`: tries the learner's own verifier on ID Tokens of the running tutorial. */
import { UsageError } from '../../fixtures/errors.js';
import { createPalette, escapeControls } from '../../fixtures/output/terminal-text.js';
import { VERIFIER } from '../../tutorial/lessons/id-token/exercise.js';
import { privateChannel } from '../../tutorial/private/client.js';
import { verifyWith } from '../../tutorial/verify/verify.js';
import { Interrupted, Interrupts } from '../run/interruption.js';
import type { Screen } from '../screen.js';
import { findStateFile, formatCommand } from './options.js';

export interface VerifyWithOptions {
  readonly state?: string | undefined;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/** @returns 0 if it was right about every token, 1 if not, 2 if it could not be run */
export async function tryVerifier({ state, command }: VerifyWithOptions, screen: Screen): Promise<number> {
  if (command.length === 0) {
    throw new UsageError(
      `Name your verifier after two dashes: ${formatCommand(state, 'verify-with')} -- node verify.js. It gets the ID Token on standard input and exits with 0 to accept it.`,
    );
  }
  const channel = privateChannel(findStateFile(state));
  const tokens = await channel.idTokens();
  const interrupts = new Interrupts();
  const ended = new AbortController();
  interrupts.onSignal(() => ended.abort(new Interrupted()));
  const paint = createPalette(screen.colors);
  try {
    const { exitCode, message } = await verifyWith(command, tokens, {
      signal: ended.signal,
      onLine: ({ ok, text }) => {
        const mark = ok ? paint.green('✓') : paint.red('✗');
        screen.print(`${mark} ${escapeControls(text)}\n`);
      },
    });
    screen.print(`${escapeControls(message)}\n`);
    if (exitCode === 0 && !(await channel.reach(VERIFIER))) {
      screen.note(
        `To have this count, go to the lesson about ID Tokens first: ${formatCommand(state, '--lesson id-token')}`,
      );
    }
    return exitCode;
  } catch (problem) {
    if (problem instanceof Interrupted) return interrupts.signal === 'SIGTERM' ? 143 : 130;
    throw problem;
  } finally {
    interrupts.release();
  }
}
