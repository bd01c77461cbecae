/** `tutorial --auto`: plays the lessons and reports what the watcher saw. Nothing is saved. */
import { CannotJudge, firstLine, UsageError } from '../../fixtures/errors.js';
import { createPalette } from '../../fixtures/output/terminal-text.js';
import { ConflictingDeviations, type Deviation } from '../../fixtures/sandbox/deviation.js';
import { strictRules } from '../../fixtures/sandbox/rules/index.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { type Played, playAll } from '../../tutorial/auto/auto.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { createPage } from '../../tutorial/views/page/index.js';
import { Interrupted, Interrupts } from '../run/interruption.js';
import { findDeviation } from '../run/sandbox.js';
import type { Screen } from '../screen.js';
import type { TutorialArguments } from './options.js';

/** One result, as `--json` prints it. */
interface AutoResult extends Played {
  /** The sandbox's rules that it depends on; empty if they aren't known. */
  readonly rules: readonly string[];
}

/** @returns the exit code: 0 all verified, 1 something was not, 130 or 143 interrupted */
export async function auto(given: TutorialArguments, screen: Screen): Promise<number> {
  const { mistakes, json, lesson } = given;
  const paint = createPalette(given.color && screen.colors);
  // The lessons are stricter than the clauses: an allowed variant, such as no rotation, fails a lesson.
  const deviations = given.defects.map((id) => variants.find((one) => one.id === id) ?? findDeviation(id));
  const chosen = lesson === undefined ? lessons : lessons.filter(({ id }) => id === lesson);
  const interrupts = new Interrupts();
  const results: AutoResult[] = [];
  let tutorial: Tutorial | null = null;
  try {
    tutorial = await startTutorial(deviations, chosen);
    tutorial.serve(createPage(tutorial));
    const ok = await interrupts.race(
      playAll(tutorial, { mistakes }, (played) => {
        const rules = findRules(played, deviations);
        results.push({ ...played, rules });
        if (!json) screen.print(`${formatPlayed(played, paint)}\n`);
      }),
    );
    if (json) screen.print(`${JSON.stringify({ ok, played: results }, null, 2)}\n`);
    else for (const line of summarizePlayed(results)) screen.print(`${line}\n`);
    return ok ? 0 : 1;
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem;
    screen.problem(`Interrupted after ${results.length} results.`);
    return interrupts.signal === 'SIGTERM' ? 143 : 130;
  } finally {
    await tutorial?.close();
    interrupts.release();
  }
}

async function startTutorial(deviations: readonly Deviation[], chosen: typeof lessons): Promise<Tutorial> {
  try {
    return await Tutorial.open({ deviations, lessons: chosen });
  } catch (problem) {
    if (problem instanceof ConflictingDeviations) {
      throw new UsageError(`These defects can't be combined: ${problem.message}.`);
    }
    throw new CannotJudge(`The tutorial could not start: ${firstLine(problem)}`);
  }
}

/** An exercise names its rules; for the rest, the rules changed by the defects are the suspects. */
function findRules({ lesson, kind, id }: Played, deviations: readonly Deviation[]): readonly string[] {
  const exercises = lessons.find((one) => one.id === lesson)?.exercises ?? [];
  const named = kind === 'exercise' ? (exercises.find((one) => one.id === id)?.refusedBy ?? []) : [];
  if (named.length > 0) return named;
  return deviations.flatMap(({ replace }) => Object.keys(replace?.(strictRules) ?? {}));
}

const KINDS: Readonly<Record<Played['kind'], string>> = {
  goal: 'goal',
  exercise: 'exercise',
  mistake: 'mistake',
};

function formatPlayed(
  { ok, lesson, kind, id, requirement, message }: Played,
  paint: ReturnType<typeof createPalette>,
) {
  const sign = ok ? paint.green('ok  ') : paint.red('FAIL');
  return `${sign} ${lesson} ${KINDS[kind]} ${id} [${requirement}] ${message}`;
}

function summarizePlayed(results: readonly AutoResult[]): readonly string[] {
  const bad = results.filter(({ ok }) => !ok);
  return [
    ...bad.map(({ lesson, kind, id, requirement, rules }) => {
      const which = rules.length === 0 ? 'unknown' : rules.join(' or ');
      return `Lesson ${lesson}: ${KINDS[kind]} ${id} was not verified (requirement ${requirement}, sandbox rule: ${which}).`;
    }),
    `${results.length - bad.length} of ${results.length} verified.`,
  ];
}
