/** `tutorial test-app [URL]`: tests the learner's app with responses that are wrong on purpose. */
import { createPalette, escapeControls } from '../../fixtures/output/terminal-text.js';
import { privateChannel } from '../../tutorial/private/client.js';
import type { Screen } from '../screen.js';
import { findStateFile } from './options.js';

export interface TestAppOptions {
  readonly state?: string | undefined;
  /** The address that starts a sign-in; by default the app's own address. */
  readonly url?: string | undefined;
}

/** @returns 0 if the app rejected everything, 1 if it accepted something, 2 if it could not be tested */
export async function testApp({ state, url }: TestAppOptions, screen: Screen): Promise<number> {
  const channel = privateChannel(findStateFile(state));
  const { exitCode, message, lines } = await channel.testApp(url ?? null);
  const paint = createPalette(screen.colors);
  for (const { ok, text } of lines) {
    screen.print(`${ok ? paint.green('✓') : paint.red('✗')} ${escapeControls(text)}\n`);
  }
  screen.print(`${escapeControls(message)}\n`);
  return exitCode;
}
