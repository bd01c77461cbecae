import { after } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { createPalette } from '../../fixtures/output/terminal-text.js';
import { makeHarmless } from '../../scripts/report/harmless.js';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import type { Lesson } from '../../tutorial/lessons/lesson.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { Actions } from '../../tutorial/views/terminal/actions.js';
import type { Clock } from '../../tutorial/views/terminal/idle.js';
import { TerminalView } from '../../tutorial/views/terminal/terminal.js';

export const ENV_COMMAND = 'eval "$(the env command)"';

/** Time that passes when a test says so. */
export class TestClock implements Clock {
  #waiting: { readonly at: number; readonly call: () => void }[] = [];
  time = Date.now();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, call: () => void): () => void {
    const one = { at: this.time + milliseconds, call };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one);
    };
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.#waiting.filter(({ at }) => at <= this.time);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.time);
    for (const { call } of due) call();
  }
}

export interface Watched {
  readonly view: TerminalView;
  /** What was printed since the last time, without colors. */
  printed(): string;
  /** All that was printed. */
  transcript(): string;
}

export interface Stage extends Watched {
  readonly tutorial: Tutorial;
  readonly actions: Actions;
  readonly clock: TestClock;
  opened: number;
}

export const open: Tutorial[] = [];
after(async () => {
  await Promise.all(open.map((tutorial) => tutorial.close()));
});

/** One more view of a tutorial. */
export function watch(
  tutorial: Tutorial,
  columns: number,
  isPlain: boolean,
  clock = new TestClock(),
): Watched {
  let all = '';
  let read = 0;
  const view = new TerminalView(tutorial, {
    print: (text) => {
      // The screen shows control characters instead of obeying them, except colors.
      all += makeHarmless(text, !isPlain);
    },
    eraseLine: () => {
      all += '\r';
    },
    paint: createPalette(!isPlain),
    columns: () => columns,
    isPlain,
    controls: { command: 'the-tutorial', hasKeys: !isPlain },
    shell: { isPowerShell: false, envCommand: ENV_COMMAND },
    clock,
  });
  view.start();
  const printed = () => {
    // The line of keys is erased by the next block.
    const text = stripVTControlCharacters(all.slice(read)).replaceAll(/[^\n]*\r/g, '');
    read = all.length;
    return text;
  };
  return { view, printed, transcript: () => all };
}

export async function stage(only: readonly Lesson[] = [exchange]): Promise<Stage> {
  const tutorial = await Tutorial.open({ lessons: only });
  open.push(tutorial);
  const clock = new TestClock();
  const watched = watch(tutorial, 80, false, clock);
  const actions = new Actions(tutorial, watched.view, {
    open: () => {
      made.opened += 1;
    },
    quit: () => undefined,
  });
  const made: Stage = { ...watched, tutorial, clock, actions, opened: 0 };
  return made;
}
