/** The terminal view: appends lines about what changed in the tutorial's state. */
import type { Palette } from '../../../fixtures/output/terminal-text.js';
import type { AppTestResult } from '../../app-test/run.js';
import { fillPublic } from '../../lessons/values.js';
import type { Tutorial } from '../../tutorial.js';
import type { TutorialEvent } from '../../tutorial-options.js';
import type { GoalLine, TutorialView } from '../../view.js';
import { type Controls, doneLines, endLines } from './endings.js';
import { appTestLines, feedLines, masked } from './feed.js';
import { headLines, listLines } from './head.js';
import {
  exerciseLines,
  guessLines,
  hintLines,
  type Shell,
  solutionLines,
  startLines,
  unfilledLines,
} from './help.js';
import { type Clock, Idle } from './idle.js';
import { keysLine } from './keys-line.js';
import { type LineStyle, lineStyleFor, marked, paragraph } from './line-style.js';
import { pictureLines } from './picture-lines.js';

/** What the view needs from the tutorial. */
export type ViewedTutorial = Pick<Tutorial, 'view' | 'onEvent' | 'progress' | 'values'>;

export interface TerminalOptions {
  readonly print: (text: string) => void;
  /** Erases the line that the cursor is on. */
  readonly eraseLine: () => void;
  readonly paint: Palette;
  /** The terminal's current width. */
  readonly columns: () => number;
  readonly isPlain: boolean;
  readonly controls: Controls;
  readonly shell: Shell;
  readonly clock: Clock;
}

/** The part of the state that was already printed. */
interface Announced {
  readonly lesson: string;
  readonly reached: number;
  readonly hints: number;
  readonly isUnfilled: boolean;
  readonly isSolved: boolean;
  readonly exercise: string | null;
  readonly given: number | null;
  readonly isDone: boolean;
  readonly isFinished: boolean;
  readonly appTest: AppTestResult | null;
}

export class TerminalView {
  #announced: Announced | null = null;
  #lastSeen = '';
  /** Whether the cursor is behind the line of keys. */
  #hasFooter = false;
  /** When the last request came; milliseconds since 1970. */
  #heardAt = 0;
  #stop: () => void = () => undefined;
  readonly #idle: Idle;

  constructor(
    private readonly tutorial: ViewedTutorial,
    private readonly options: TerminalOptions,
  ) {
    this.#idle = new Idle(options.clock, () => this.#printIdle());
  }

  /** Prints the current lesson, and from then on what happens. */
  start(): void {
    this.#stop = this.tutorial.onEvent((event) => this.#notice(event));
    this.#printLesson(this.tutorial.view());
    this.#idle.restart();
  }

  stop(): void {
    this.#stop();
    this.#idle.stop();
    if (this.#hasFooter) this.options.eraseLine();
    this.#hasFooter = false;
  }

  /** Prints a paragraph. */
  say(text: string): void {
    this.#print(paragraph(text, this.#style()));
  }

  list(): void {
    const { lessons } = this.tutorial.view();
    this.#print([
      ...listLines(lessons, this.#style()),
      '',
      ...(this.options.controls.hasKeys
        ? paragraph('To go to a lesson, type its number and press Enter.', this.#style())
        : [
            ...paragraph('To go to a lesson, quit and run:', this.#style()),
            `   ${this.options.controls.command} --lesson ID`,
          ]),
    ]);
  }

  /** Prints the lesson from its start again. */
  again(): void {
    this.#printLesson(this.tutorial.view());
  }

  /** Prints help that is already open again. */
  repeat(what: 'hint' | 'solution'): void {
    const view = this.tutorial.view();
    if (what === 'solution') this.#printSolution(view);
    else if (view.hintRecipes !== null) this.#printUnfilled(view);
  }

  #notice(event: TutorialEvent): void {
    const view = this.tutorial.view();
    if (event.kind === 'exchange') {
      this.#heardAt = this.options.clock.now();
      this.#idle.restart();
      this.#printExchange(event, view);
    }
    this.#printChanges(view);
  }

  #printExchange(
    { feedback, verdict }: Extract<TutorialEvent, { kind: 'exchange' }>,
    { lesson }: TutorialView,
  ): void {
    const key = `${feedback.request} ${feedback.status}`;
    // Repeated unrelated requests of an app are reported once.
    if (verdict.kind === 'unrelated' && key === this.#lastSeen) return;
    this.#lastSeen = verdict.kind === 'unrelated' ? key : '';
    const { guesses } = this.tutorial.progress(lesson.id);
    this.#print(
      feedLines(masked(feedback, this.tutorial.values), verdict, guesses, this.#style(), ({ text }) =>
        fillPublic(text, this.tutorial.values),
      ),
    );
  }

  #printChanges(view: TutorialView): void {
    const before = this.#announced;
    const now = announcedFrom(view);
    if (before === null || before.lesson !== now.lesson || now.reached < before.reached) {
      this.#printLesson(view);
      return;
    }
    this.#announced = now;
    // Each stage has its own hints.
    const isSame = before.exercise === now.exercise && before.isDone === now.isDone;
    const heard = isSame ? before.hints : 0;
    for (const [index, hint] of view.hints.entries()) {
      if (index >= heard) this.#print(hintLines(hint, index + 1, this.#style()));
    }
    if (now.appTest !== null && now.appTest !== before.appTest) {
      this.#print(appTestLines(now.appTest, this.#style()));
    }
    if (now.isUnfilled && !(isSame && before.isUnfilled)) this.#printUnfilled(view);
    if (now.isSolved && !(isSame && before.isSolved)) this.#printSolution(view);
    if (now.reached > before.reached && view.picture !== null && !now.isDone) {
      this.#print(pictureLines(view.picture, this.#style()));
    }
    if (now.reached > before.reached && now.exercise === null) this.#printLeft(view);
    if (now.exercise !== before.exercise) this.#printExercise(view);
    else if (view.guess !== null && now.given !== before.given) {
      this.#print(guessLines(view.guess, this.#style()));
    }
    if (now.isDone && !before.isDone) this.#printDone(view);
    // The last open lesson was skipped.
    else if (now.isFinished && !before.isFinished) {
      this.#print(endLines(view, this.options.controls, this.#style()));
    }
  }

  #printLesson(view: TutorialView): void {
    const style = this.#style();
    this.#announced = announcedFrom(view);
    this.#lastSeen = '';
    this.#idle.restart();
    const { lesson, goals } = view;
    const isNew = goals.every(({ isReached }) => !isReached);
    this.#print(['', ...headLines(view, style)]);
    if (lesson.start !== undefined && isNew) {
      this.#print(startLines(lesson.start, this.tutorial.values, this.options.shell, style));
    }
    this.#printExercise(view);
    if (view.isDone) {
      this.#print(
        view.isFinished
          ? endLines(view, this.options.controls, style)
          : paragraph('This lesson is done. Press r to do it again.', style),
      );
    }
  }

  /** The goals that are left, if a lesson has several. */
  #printLeft({ goals }: TutorialView): void {
    const style = this.#style();
    const left = goals.filter(({ isExercise, isReached }) => !isExercise && !isReached);
    this.#print(left.flatMap(({ text }) => marked('open', text, style)));
  }

  #printExercise(view: TutorialView): void {
    const exercise = exerciseOf(view);
    if (exercise === null || view.guess === null) return;
    const style = this.#style();
    const { hasKeys } = this.options.controls;
    this.#print([
      ...exerciseLines(exercise.text, view.guess, hasKeys, style),
      ...guessLines(view.guess, style),
    ]);
  }

  #printDone(view: TutorialView): void {
    this.#idle.stop();
    this.#print(doneLines(view, this.options.controls, this.#style()));
  }

  #printUnfilled({ hintRecipes }: TutorialView): void {
    if (hintRecipes === null) return;
    this.#print(unfilledLines(hintRecipes, this.tutorial.values, this.options.shell, this.#style()));
  }

  #printSolution({ solution }: TutorialView): void {
    if (solution === null) return;
    this.#print(solutionLines(solution, this.tutorial.values, this.options.shell, this.#style()));
  }

  #printIdle(): void {
    const view = this.tutorial.view();
    if (view.isDone) return;
    const { last, addresses } = view;
    const seconds = Math.round((this.options.clock.now() - this.#heardAt) / 1000);
    const style = this.#style();
    this.#print([
      ...paragraph(
        last === null
          ? 'The server hasn’t received a request from you yet. It’s running at:'
          : `The last request came ${seconds} s ago: ${last.request} ${last.status}. The server is running at:`,
        style,
      ),
      `   ${addresses.issuer}`,
      ...paragraph('To check that you can reach it:', style),
      `curl -i '${addresses.issuer}/.well-known/openid-configuration'`,
      ...(this.options.controls.hasKeys
        ? paragraph('Stuck? Press h for a hint, s for the solution.', style)
        : []),
    ]);
  }

  /** Prints a block; the keys stay on the last line of the terminal. */
  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const { controls, print, eraseLine } = this.options;
    const style = this.#style();
    const footer = controls.hasKeys ? style.paint.dim(keysLine(style.width)) : '';
    if (this.#hasFooter) eraseLine();
    print(`${lines.join('\n')}\n\n${footer}`);
    this.#hasFooter = controls.hasKeys;
  }

  #style(): LineStyle {
    const { paint, columns, isPlain } = this.options;
    return lineStyleFor(paint, columns(), isPlain);
  }
}

function announcedFrom(view: TutorialView): Announced {
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
    appTest: view.appTest,
  };
}

/** The next exercise, once the goals are reached. */
function exerciseOf({ goals, guess }: TutorialView): GoalLine | null {
  if (guess === null) return null;
  return goals.find(({ isExercise, isReached }) => isExercise && !isReached) ?? null;
}
