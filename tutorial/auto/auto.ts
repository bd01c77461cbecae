/** Plays the lessons over HTTP as a learner would, and checks what the watcher saw. */
import type { Exercise, Lesson, Mistake } from '../lessons/lesson.js';
import { fillPublic } from '../lessons/values.js';
import type { Tutorial } from '../tutorial.js';
import type { Verdict } from '../watcher/classify.js';

/** One goal, exercise or mistake that was played. */
export interface Played {
  readonly lesson: string;
  readonly kind: 'goal' | 'exercise' | 'mistake';
  readonly id: string;
  readonly ok: boolean;
  /** What the learner is told, or why it isn't verified. */
  readonly message: string;
  readonly requirement: string;
}

/**
 * @param options.mistakes also make every known mistake
 * @param onPlayed called as each is done
 * @returns whether all of it was verified
 */
export async function playAll(
  tutorial: Tutorial,
  { mistakes }: { readonly mistakes: boolean },
  onPlayed: (played: Played) => void,
): Promise<boolean> {
  let ok = true;
  const tell = (played: Played) => {
    ok &&= played.ok;
    onPlayed(played);
  };
  for (const lesson of tutorial.lessons) {
    await playLesson(tutorial, lesson, tell);
    if (!mistakes) continue;
    for (const mistake of lesson.mistakes) tell(await playMistake(tutorial, lesson, mistake));
  }
  return ok;
}

async function playLesson(tutorial: Tutorial, lesson: Lesson, tell: (played: Played) => void): Promise<void> {
  const { id } = lesson;
  await begin(tutorial, lesson);
  const early = tutorial.progress(id).reached;
  const problem = await attempt(tutorial, () => lesson.play(tutorial.learner(false)));
  const { reached } = tutorial.progress(id);
  for (const goal of lesson.goals) {
    const ok = reached.includes(goal.id) && !early.includes(goal.id);
    const why = early.includes(goal.id)
      ? 'It was reached before anything was sent.'
      : notVerified(tutorial, problem);
    tell({
      lesson: id,
      kind: 'goal',
      id: goal.id,
      ok,
      message: ok ? fillPublic(goal.text, tutorial.values) : why,
      requirement: goal.requirement,
    });
  }
  for (const exercise of lesson.exercises) tell(await playExercise(tutorial, lesson, exercise));
}

async function playExercise(tutorial: Tutorial, lesson: Lesson, exercise: Exercise): Promise<Played> {
  const problem = await attempt(tutorial, () => exercise.play(tutorial.learner(false)));
  const ok = tutorial.progress(lesson.id).reached.includes(exercise.id);
  return {
    lesson: lesson.id,
    kind: 'exercise',
    id: exercise.id,
    ok,
    message: ok ? exercise.lesson : notVerified(tutorial, problem),
    requirement: exercise.requirement,
  };
}

/** The watcher must find exactly this mistake in its last exchange. */
async function playMistake(tutorial: Tutorial, lesson: Lesson, mistake: Mistake): Promise<Played> {
  await begin(tutorial, lesson);
  const verdicts: Verdict[] = [];
  const stop = tutorial.onEvent((event) => {
    if (event.kind === 'exchange' && event.verdict.kind !== 'unrelated') {
      verdicts.push(event.verdict);
    }
  });
  const problem = await attempt(tutorial, () => mistake.play(tutorial.learner(false)));
  stop();
  const last = verdicts.at(-1);
  const ok = last?.kind === 'mistake' && last.mistake.id === mistake.id;
  return {
    lesson: lesson.id,
    kind: 'mistake',
    id: mistake.id,
    ok,
    message: ok ? last.finding.message : notVerified(tutorial, problem),
    requirement: mistake.requirement,
  };
}

async function begin(tutorial: Tutorial, { id }: Lesson): Promise<void> {
  await tutorial.reset(id);
  await tutorial.go(id);
}

async function attempt(tutorial: Tutorial, play: () => Promise<void>): Promise<string | null> {
  try {
    await play();
    await tutorial.settled();
    return null;
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}

function notVerified(tutorial: Tutorial, problem: string | null): string {
  if (problem !== null) return `It could not be played: ${problem}`;
  const { feedback } = tutorial.view();
  return feedback === null ? 'The server received nothing.' : `Not verified: ${feedback.message}`;
}
