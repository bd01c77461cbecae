/** Shows the tutorial in the terminal until the learner quits; with keys if the terminal is interactive. */

import { createPalette } from '../../fixtures/output/terminal-text.js';
import type { EnvCommands } from '../../tutorial/shell/routes.js';
import type { Tutorial } from '../../tutorial/tutorial.js';
import { Actions } from '../../tutorial/views/terminal/actions.js';
import { systemClock } from '../../tutorial/views/terminal/idle.js';
import { type Keyboard, openKeyboard } from '../../tutorial/views/terminal/keys.js';
import { lineStyleFor, paragraph } from '../../tutorial/views/terminal/line-style.js';
import { TerminalView } from '../../tutorial/views/terminal/terminal.js';
import type { Interrupts } from '../run/interruption.js';
import type { Screen } from '../screen.js';
import { canOpenBrowser, openPage } from './open-page.js';
import { formatCommand, type TutorialArguments } from './options.js';

export interface TerminalSession {
  readonly tutorial: Tutorial;
  readonly given: TutorialArguments;
  /** What the learner should know at the start, one sentence each. */
  readonly notes: readonly string[];
  /** The commands that load the values into the learner's shell. */
  readonly env: EnvCommands;
  readonly interrupts: Interrupts;
  readonly screen: Screen;
}

/** @returns when the learner quits, a signal comes, or the output is closed */
export async function runTerminalSession({
  tutorial,
  given,
  notes,
  env,
  interrupts,
  screen,
}: TerminalSession): Promise<void> {
  const { stdin, stdout, env: environment } = process;
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true;
  const hasKeys = isTerminal && !given.plain && environment.TERM !== 'dumb';
  const isPlain = given.plain || !stdout.isTTY;
  const paint = createPalette(given.color && screen.colors);
  const columns = () => stdout.columns ?? screen.width;
  const isPowerShell = process.platform === 'win32';
  const envCommand = isPowerShell ? env.powershell : env.sh;
  const view = new TerminalView(tutorial, {
    print: screen.print,
    eraseLine: screen.eraseLine,
    paint,
    columns,
    isPlain,
    controls: { command: formatCommand(given.state), hasKeys },
    shell: { isPowerShell, envCommand },
    clock: systemClock,
  });
  let keyboard: Keyboard | null = null;
  try {
    await new Promise<void>((resolve) => {
      interrupts.onSignal(resolve);
      // The reader has gone, as in `tutorial | head`.
      stdout.on('error', () => resolve());
      screen.print(greeting(tutorial, notes, columns(), envCommand));
      view.start();
      const { page } = tutorial.addresses;
      if (given.open && canOpenBrowser(environment, process.platform, isTerminal)) openPage(page);
      if (!hasKeys) return;
      // The terminal was closed.
      stdin.on('error', () => resolve());
      const actions = new Actions(tutorial, view, {
        open: () => {
          view.say(`The tutorial's page: ${page}`);
          if (canOpenBrowser(environment, process.platform, isTerminal)) openPage(page);
        },
        quit: resolve,
      });
      keyboard = openKeyboard(stdin, (key) => void actions.press(key), resolve);
    });
  } finally {
    close(keyboard);
    view.stop();
  }
  screen.print(`Your progress is saved. To continue here: ${formatCommand(given.state)}\n`);
}

const close = (keyboard: Keyboard | null): void => keyboard?.close();

function greeting(
  { addresses }: Tutorial,
  notes: readonly string[],
  columns: number,
  envCommand: string,
): string {
  const style = lineStyleFor(createPalette(false), columns, true);
  const lines = [
    ...notes.flatMap((note) => paragraph(note, style)),
    ` The tutorial's page: ${addresses.page}`,
    ` The server (issuer): ${addresses.issuer}`,
    ...paragraph(
      'In a second terminal, run this to load the URLs and tokens as shell variables. It works from any folder:',
      style,
    ),
    '',
    envCommand,
  ];
  return `${lines.join('\n')}\n`;
}
