/** `tutorial --auto`: the lessons play themselves, in memory, and the watcher says what it saw. */
import { CannotJudge, firstLine, UsageError } from '../../fixtures/errors.js';
import { ConflictingDeviations, type Deviation } from '../../fixtures/sandbox/deviation.js';
import { strictRules } from '../../fixtures/sandbox/rules/index.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { type Played, playAll } from '../../tutorial/auto/auto.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { pageOf } from '../../tutorial/views/page/index.js';
import { createPalette } from '../report/terminal/text.js';
import { Interrupted, Interrupts } from '../run/interruption.js';
import { findDeviation } from '../run/sandbox.js';
import type { Screen } from '../screen.js';
import type { TutorialArguments } from './options.js';

/** What `--json` prints of each. */
interface PlayedWithRules extends Played {
  /** The sandbox's rules that it turns on; empty where none can be named. */
  readonly rules: readonly string[];
}

/** @returns the exit code: 0 all verified, 1 something was not, 130 or 143 interrupted */
export async function auto(given: TutorialArguments, screen: Screen): Promise<number> {
  const { mistakes, json, lesson } = given;
  const paint = createPalette(given.color && screen.colors);
  // What the lessons teach is stricter than the clauses: a variant that they allow, no rotation say, fails a lesson.
  const deviations = given.defects.map((id) => variants.find((one) => one.id === id) ?? findDeviation(id));
  const chosen = lesson === undefined ? lessons : lessons.filter(({ id }) => id === lesson);
  const interrupts = new Interrupts();
  const told: PlayedWithRules[] = [];
  let tutorial: Tutorial | null = null;
  try {
    tutorial = await startTutorial(deviations, chosen);
    tutorial.serve(pageOf(tutorial));
    const ok = await interrupts.race(
      playAll(tutorial, { mistakes }, (played) => {
        const rules = findRules(played, deviations);
        told.push({ ...played, rules });
        if (!json) screen.print(`${formatPlayed(played, paint)}\n`);
      }),
    );
    if (json) screen.print(`${JSON.stringify({ ok, played: told }, null, 2)}\n`);
    else for (const line of summarizePlayed(told)) screen.print(`${line}\n`);
    return ok ? 0 : 1;
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem;
    screen.problem(`The lessons were interrupted after ${told.length} lines.`);
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
      throw new UsageError(`These defects cannot be in force at once: ${problem.message}.`);
    }
    throw new CannotJudge(`The tutorial could not start: ${firstLine(problem)}`);
  }
}

/** An exercise names its rules; else those that the sandbox was made to decide otherwise are the suspects. */
function findRules({ lesson, kind, id }: Played, deviations: readonly Deviation[]): readonly string[] {
  const exercises = lessons.find((one) => one.id === lesson)?.breaks ?? [];
  const named = kind === 'break' ? (exercises.find((one) => one.id === id)?.refusedBy ?? []) : [];
  if (named.length > 0) return named;
  return deviations.flatMap(({ replace }) => Object.keys(replace?.(strictRules) ?? {}));
}

const KINDS: Readonly<Record<Played['kind'], string>> = {
  goal: 'goal',
  break: 'exercise',
  mistake: 'mistake',
};

function formatPlayed(
  { ok, lesson, kind, id, requirement, message }: Played,
  paint: ReturnType<typeof createPalette>,
) {
  const sign = ok ? paint.green('ok  ') : paint.red('FAIL');
  return `${sign} ${lesson} ${KINDS[kind]} ${id} [${requirement}] ${message}`;
}

function summarizePlayed(told: readonly PlayedWithRules[]): readonly string[] {
  const bad = told.filter(({ ok }) => !ok);
  return [
    ...bad.map(({ lesson, kind, id, requirement, rules }) => {
      const which = rules.length === 0 ? 'none that can be named' : rules.join(' or ');
      return `Lesson ${lesson}: ${KINDS[kind]} ${id} is not verified; requirement ${requirement}, rule of the sandbox: ${which}.`;
    }),
    `${told.length - bad.length} of ${told.length} verified.`,
  ];
}
