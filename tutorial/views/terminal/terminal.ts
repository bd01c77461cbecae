/** The terminal view: lines that are only ever appended, made from what has changed in the tutorial's state. */
import type { Palette } from '../../../scripts/report/terminal/text.js';
import type { Happening, Tutorial } from '../../tutorial.js';
import type { GoalLine, TutorialView } from '../../view.js';
import { doneLines, endLines, type Ways } from './endings.js';
import { feedLines, masked } from './feed.js';
import { headLines, listLines } from './head.js';
import { exerciseLines, guessLines, hintLines, type Shell, solutionLines, unfilledLines } from './help.js';
import { type Clock, Idle } from './idle.js';
import { type Ink, inkFor, marked, paragraph } from './ink.js';

/** What the view needs of the tutorial. */
export type Shown = Pick<Tutorial, 'view' | 'onHappening' | 'progress' | 'values'>;

export interface TerminalOptions {
  readonly print: (text: string) => void;
  readonly paint: Palette;
  /** Columns, as they are at the moment. */
  readonly columns: () => number;
  readonly isPlain: boolean;
  readonly ways: Ways;
  readonly shell: Shell;
  readonly clock: Clock;
}

/** What of the state has been told already. */
interface Told {
  readonly lesson: string;
  readonly reached: number;
  readonly hints: number;
  readonly isUnfilled: boolean;
  readonly isSolved: boolean;
  readonly exercise: string | null;
  readonly given: number | null;
  readonly isDone: boolean;
  readonly isFinished: boolean;
}

export class TerminalView {
  #told: Told | null = null;
  #lastSeen = '';
  /** When a request last came; milliseconds since 1970. */
  #heardAt = 0;
  #stop: () => void = () => undefined;
  readonly #idle: Idle;

  constructor(
    private readonly tutorial: Shown,
    private readonly options: TerminalOptions,
  ) {
    this.#idle = new Idle(options.clock, () => this.#tellIdle());
  }

  /** Prints the lesson at hand and from then on what happens. */
  start(): void {
    this.#stop = this.tutorial.onHappening((happening) => this.#notice(happening));
    this.#tellLesson(this.tutorial.view());
    this.#idle.restart();
  }

  stop(): void {
    this.#stop();
    this.#idle.stop();
  }

  /** A paragraph of its own. */
  say(text: string): void {
    this.#print(paragraph(text, this.#ink()));
  }

  list(): void {
    const { lessons } = this.tutorial.view();
    this.#print([
      ...listLines(lessons, this.#ink()),
      '',
      ...paragraph('To go to one, end this and start:', this.#ink()),
      `   ${this.options.ways.command} --lesson ID`,
    ]);
  }

  /** The lesson from its head, again. */
  again(): void {
    this.#tellLesson(this.tutorial.view());
  }

  /** Says again what help is open, for a key that changes nothing any more. */
  repeat(what: 'hint' | 'solution'): void {
    const view = this.tutorial.view();
    if (what === 'solution') this.#tellSolution(view);
    else if (view.hintRecipes !== null) this.#tellUnfilled(view);
  }

  #notice(happening: Happening): void {
    const view = this.tutorial.view();
    if (happening.kind === 'exchange') {
      this.#heardAt = this.options.clock.now();
      this.#idle.restart();
      this.#tellExchange(happening, view);
    }
    this.#tellChanges(view);
  }

  #tellExchange(
    { feedback, verdict }: Extract<Happening, { kind: 'exchange' }>,
    { lesson }: TutorialView,
  ): void {
    const key = `${feedback.request} ${feedback.status}`;
    // An app that asks for something else again and again is told once.
    if (verdict.kind === 'unrelated' && key === this.#lastSeen) return;
    this.#lastSeen = verdict.kind === 'unrelated' ? key : '';
    const { guesses } = this.tutorial.progress(lesson.id);
    this.#print(feedLines(masked(feedback, this.tutorial.values), verdict, guesses, this.#ink()));
  }

  #tellChanges(view: TutorialView): void {
    const before = this.#told;
    const now = toldOf(view);
    if (before === null || before.lesson !== now.lesson || now.reached < before.reached) {
      this.#tellLesson(view);
      return;
    }
    this.#told = now;
    // With the stage, its help begins anew.
    const isSame = before.exercise === now.exercise && before.isDone === now.isDone;
    const heard = isSame ? before.hints : 0;
    for (const [index, hint] of view.hints.entries()) {
      if (index >= heard) this.#print(hintLines(hint, index + 1, this.#ink()));
    }
    if (now.isUnfilled && !(isSame && before.isUnfilled)) this.#tellUnfilled(view);
    if (now.isSolved && !(isSame && before.isSolved)) this.#tellSolution(view);
    if (now.reached > before.reached && now.exercise === null) this.#tellLeft(view);
    if (now.exercise !== before.exercise) this.#tellExercise(view);
    else if (view.guess !== null && now.given !== before.given) {
      this.#print(guessLines(view.guess, this.#ink()));
    }
    if (now.isDone && !before.isDone) this.#tellDone(view);
    // The last one that was open has been skipped.
    else if (now.isFinished && !before.isFinished) {
      this.#print(endLines(view, this.options.ways, this.#ink()));
    }
  }

  #tellLesson(view: TutorialView): void {
    const ink = this.#ink();
    this.#told = toldOf(view);
    this.#lastSeen = '';
    this.#idle.restart();
    this.#print(['', ...headLines(view, ink)]);
    this.#tellExercise(view);
    if (view.isDone) {
      this.#print(
        view.isFinished
          ? endLines(view, this.options.ways, ink)
          : paragraph('This lesson is done. It can be begun anew.', ink),
      );
    }
    this.#tellKeys();
  }

  /** What is still to do, where a lesson has several goals. */
  #tellLeft({ goals }: TutorialView): void {
    const ink = this.#ink();
    const left = goals.filter(({ isBreak, isReached }) => !isBreak && !isReached);
    this.#print(left.flatMap(({ text }) => marked('open', text, ink)));
  }

  #tellExercise(view: TutorialView): void {
    const exercise = exerciseOf(view);
    if (exercise === null || view.guess === null) return;
    const ink = this.#ink();
    const { hasKeys } = this.options.ways;
    this.#print([...exerciseLines(exercise.text, view.guess, hasKeys, ink), ...guessLines(view.guess, ink)]);
  }

  #tellDone(view: TutorialView): void {
    this.#idle.stop();
    this.#print(doneLines(view, this.options.ways, this.#ink()));
    this.#tellKeys();
  }

  #tellUnfilled({ hintRecipes }: TutorialView): void {
    if (hintRecipes === null) return;
    this.#print(unfilledLines(hintRecipes, this.tutorial.values, this.options.shell, this.#ink()));
  }

  #tellSolution({ solution }: TutorialView): void {
    if (solution === null) return;
    this.#print(solutionLines(solution, this.tutorial.values, this.options.shell, this.#ink()));
  }

  #tellKeys(): void {
    if (!this.options.ways.hasKeys) return;
    const ink = this.#ink();
    this.#print(
      paragraph(
        'h hint   s solution   n next   l lessons   r begin anew   o page   q quit'.replaceAll(
          /(\w) (\w)/g,
          '$1\u00a0$2',
        ),
        ink,
      ).map((line) => ink.paint.dim(line.replaceAll('\u00a0', ' '))),
    );
  }

  #tellIdle(): void {
    const view = this.tutorial.view();
    if (view.isDone) return;
    const { last, addresses } = view;
    const seconds = Math.round((this.options.clock.now() - this.#heardAt) / 1000);
    const ink = this.#ink();
    this.#print([
      ...paragraph(
        last === null
          ? 'Nothing of yours has reached the server yet. It is up, and listens at:'
          : `The last request came ${seconds} s ago: ${last.request} ${last.status}. The server is up, and listens at:`,
        ink,
      ),
      `   ${addresses.issuer}`,
      ...paragraph('To see whether you reach it:', ink),
      `curl -i '${addresses.issuer}/.well-known/openid-configuration'`,
      ...(this.options.ways.hasKeys ? paragraph('Stuck? h opens a hint, s the solution.', ink) : []),
    ]);
  }

  #print(lines: readonly string[]): void {
    if (lines.length > 0) this.options.print(`${lines.join('\n')}\n\n`);
  }

  #ink(): Ink {
    const { paint, columns, isPlain } = this.options;
    return inkFor(paint, columns(), isPlain);
  }
}

function toldOf(view: TutorialView): Told {
  return {
    lesson: view.lesson.id,
    reached: view.goals.filter(({ isReached }) => isReached).length,
    hints: view.hints.length,
    isUnfilled: view.hintRecipes !== null,
    isSolved: view.solution !== null,
    exercise: exerciseOf(view)?.id ?? null,
    given: view.guess?.given ?? null,
    isDone: view.isDone,
    isFinished: view.isFinished,
  };
}

/** The exercise at hand: goals come first. */
function exerciseOf({ goals, guess }: TutorialView): GoalLine | null {
  if (guess === null) return null;
  return goals.find(({ isBreak, isReached }) => isBreak && !isReached) ?? null;
}
