/** What each key does: it passes the learner's action on to the tutorial. */
import { MOST_HINTS } from '../../progress.js';
import type { Tutorial } from '../../tutorial.js';
import type { TerminalView } from './terminal.js';

/** What the keys need from the tutorial. */
export type Steered = Pick<
  Tutorial,
  'view' | 'lessons' | 'progress' | 'hint' | 'solution' | 'next' | 'reset' | 'guess' | 'go'
>;

export interface Outside {
  /** Opens the page in a browser. */
  readonly open: () => void;
  readonly quit: () => void;
}

/** These keys must be pressed twice if progress would be lost. */
const TWICE = new Set(['r', 'n']);

const ENTER = /^[\r\n]$/;

export class Actions {
  #asked = '';
  /** The digits typed after `l`; null while no lesson number is expected. */
  #number: string | null = null;
  /** One at a time: preparing a lesson sends real requests. */
  #queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly tutorial: Steered,
    private readonly view: Pick<TerminalView, 'say' | 'list' | 'again' | 'repeat'>,
    private readonly outside: Outside,
  ) {}

  /** @returns when it is done */
  press(key: string): Promise<void> {
    if (key === 'q') {
      this.outside.quit();
      return this.#queue;
    }
    this.#queue = this.#queue
      .then(() => this.#act(key))
      .catch((problem: unknown) => {
        this.view.say(
          `Something went wrong: ${problem instanceof Error ? problem.message : String(problem)}`,
        );
      });
    return this.#queue;
  }

  async #act(key: string): Promise<void> {
    const asked = this.#asked;
    this.#asked = '';
    if (this.#number !== null && (await this.#typed(this.#number, key))) return;
    switch (key) {
      case 'h':
        return this.#hint();
      case 's':
        if (this.tutorial.view().solution !== null) this.view.repeat('solution');
        else this.tutorial.solution();
        return;
      case '1':
      case '2':
      case '3':
        return this.tutorial.guess(Number(key) - 1);
      case 'n':
      case 'r':
        if (TWICE.has(key) && asked !== key && this.#loses(key)) {
          this.#asked = key;
          this.view.say(`Press ${key} again to ${key === 'n' ? 'skip' : 'restart'} this lesson.`);
          return;
        }
        return key === 'n' ? this.#next() : this.#reset();
      case 'l':
        this.#number = '';
        return this.view.list();
      case 'o':
        return this.outside.open();
    }
  }

  /**
   * A key after the list of lessons: digits collect a number, and Enter goes there.
   * @returns false for any other key, which then does what it always does
   */
  async #typed(number: string, key: string): Promise<boolean> {
    if (/^\d$/.test(key)) {
      this.#number = `${number}${key}`;
      this.view.say(`Lesson ${this.#number}: press Enter to go there.`);
      return true;
    }
    this.#number = null;
    if (!ENTER.test(key)) return false;
    const { lessons } = this.tutorial;
    const lesson = lessons[Number(number) - 1];
    if (lesson !== undefined) await this.tutorial.go(lesson.id);
    else if (number !== '') this.view.say(`There is no lesson ${number}: the last one is ${lessons.length}.`);
    return true;
  }

  #hint(): void {
    const { lesson, hintRecipes } = this.tutorial.view();
    if (hintRecipes !== null && this.tutorial.progress(lesson.id).hints >= MOST_HINTS) {
      this.view.repeat('hint');
    } else {
      this.tutorial.hint();
    }
  }

  #loses(key: string): boolean {
    const { isDone, goals } = this.tutorial.view();
    return key === 'n' ? !isDone : goals.some(({ isReached }) => isReached);
  }

  async #next(): Promise<void> {
    const { number, of } = this.tutorial.view();
    await this.tutorial.next();
    if (number === of && !this.tutorial.view().isFinished)
      this.view.say('This is the last lesson. Press l to see all of them.');
  }

  async #reset(): Promise<void> {
    const before = this.tutorial.view().goals.some(({ isReached }) => isReached);
    await this.tutorial.reset();
    // If something had been reached, the view already printed the lesson again.
    if (!before) this.view.again();
  }
}
