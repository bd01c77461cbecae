/** Shows the tutorial in the terminal until the learner leaves; with keys where somebody can press them. */
import type { Tutorial } from '../../tutorial/tutorial.js';
import { Actions } from '../../tutorial/views/terminal/actions.js';
import { systemClock } from '../../tutorial/views/terminal/idle.js';
import { inkFor, paragraph } from '../../tutorial/views/terminal/ink.js';
import { type Keyboard, openKeyboard } from '../../tutorial/views/terminal/keys.js';
import { TerminalView } from '../../tutorial/views/terminal/terminal.js';
import { createPalette } from '../report/terminal/text.js';
import type { Interrupts } from '../run/interruption.js';
import type { Screen } from '../screen.js';
import { formatEnvCommand } from './env.js';
import { canOpenPage, openPage } from './open-page.js';
import { formatCommand, type TutorialArguments } from './options.js';

export interface Showing {
  readonly tutorial: Tutorial;
  readonly given: TutorialArguments;
  /** What was found at the start, in a sentence each. */
  readonly notes: readonly string[];
  readonly interrupts: Interrupts;
  readonly screen: Screen;
}

/** @returns when the learner quits, a signal comes, or nobody reads any more */
export async function show({ tutorial, given, notes, interrupts, screen }: Showing): Promise<void> {
  const { stdin, stdout, env } = process;
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true;
  const hasKeys = isTerminal && !given.plain && env.TERM !== 'dumb';
  const isPlain = given.plain || !stdout.isTTY;
  const paint = createPalette(given.color && screen.colors);
  const columns = () => stdout.columns ?? screen.width;
  const isPowerShell = process.platform === 'win32';
  const view = new TerminalView(tutorial, {
    print: screen.print,
    paint,
    columns,
    isPlain,
    ways: { command: formatCommand(given.state), hasKeys },
    shell: { isPowerShell, envCommand: formatEnvCommand(given.state, isPowerShell) },
    clock: systemClock,
  });
  let keyboard: Keyboard | null = null;
  try {
    await new Promise<void>((resolve) => {
      interrupts.onSignal(resolve);
      // Whoever read what is printed has gone, as in `tutorial | head`. Later lines find the same.
      stdout.on('error', () => resolve());
      screen.print(formatGreeting(tutorial, given, notes, columns(), isPowerShell));
      view.start();
      const { page } = tutorial.addresses;
      if (given.open && canOpenPage(env, process.platform, isTerminal)) openPage(page);
      if (!hasKeys) return;
      // A terminal that is closed.
      stdin.on('error', () => resolve());
      const actions = new Actions(tutorial, view, {
        open: () => {
          view.say(`The page: ${page}`);
          if (canOpenPage(env, process.platform, isTerminal)) openPage(page);
        },
        quit: resolve,
      });
      keyboard = openKeyboard(stdin, (key) => void actions.press(key), resolve);
    });
  } finally {
    close(keyboard);
    view.stop();
  }
  screen.print(`Progress is kept. ${formatCommand(given.state)} continues here.\n`);
}

const close = (keyboard: Keyboard | null): void => keyboard?.close();

function formatGreeting(
  { addresses }: Tutorial,
  { state }: TutorialArguments,
  notes: readonly string[],
  columns: number,
  isPowerShell: boolean,
): string {
  const ink = inkFor(createPalette(false), columns, true);
  const lines = [
    ...notes.flatMap((note) => paragraph(note, ink)),
    ` The tutorial's page: ${addresses.page}`,
    ` The server (issuer): ${addresses.issuer}`,
    ...paragraph('Send your requests from a second terminal. This puts their values into its shell:', ink),
    '',
    formatEnvCommand(state, isPowerShell),
  ];
  return `${lines.join('\n')}\n`;
}
