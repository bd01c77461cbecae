/** What a lesson begins with: where it stands among the others, its story, its new words and its goals. */
import type { LessonStatus } from '../../progress.js';
import type { LessonLine, TutorialView } from '../../view.js';
import { PARTS } from '../parts.js';
import { hanging, type Ink, marked, paragraph } from './ink.js';

/** @returns the whole head of the lesson at hand */
export function headLines(view: TutorialView, ink: Ink): readonly string[] {
  const { lesson } = view;
  return [
    ...titleLines(view, ink),
    ...lesson.story.flatMap((text) => ['', ...paragraph(text, ink)]),
    ...wordLines(view, ink),
    '',
    ...goalLines(view, ink),
  ];
}

/** In one line where it fits, else in two. */
function titleLines(view: TutorialView, ink: Ink): readonly string[] {
  const { lesson, number, of } = view;
  const where = `${number} of ${of}`;
  const time = `about ${lesson.minutes} ${lesson.minutes === 1 ? 'minute' : 'minutes'}`;
  const dots = ink.isPlain ? '' : `${view.lessons.map(dot).join('')}  `;
  const title = hanging(` ${where}  `, lesson.title, ink.width).map((line) => ink.paint.bold(line));
  const length = where.length + lesson.title.length + dots.length + time.length + 6;
  const rest = `${dots}${ink.paint.dim(time)}`;
  return length <= ink.width ? [`${title.join('')}   ${rest}`] : [...title, ` ${rest}`];
}

const DOTS: Readonly<Record<LessonStatus, string>> = {
  open: '○',
  done: '●',
  'done-with-solution': '●',
  skipped: '◌',
};

function dot({ status, isCurrent }: LessonLine): string {
  return isCurrent && status === 'open' ? '◐' : DOTS[status];
}

function wordLines({ lesson: { words } }: TutorialView, ink: Ink): readonly string[] {
  if (words.length === 0) return [];
  return [
    '',
    ` ${ink.paint.bold(words.length === 1 ? 'A new word' : 'New words')}`,
    ...words.flatMap(({ word, meaning }) => {
      const lines = hanging('   ', `${word}: ${meaning}`, ink.width);
      return lines.map((line, index) => (index === 0 ? line.replace(word, ink.paint.cyan(word)) : line));
    }),
  ];
}

function goalLines({ goals }: TutorialView, ink: Ink): readonly string[] {
  const exercises = goals.filter(({ isBreak }) => isBreak);
  const left = exercises.filter(({ isReached }) => !isReached).length;
  const many = left === 1 ? 'one exercise' : `${left} exercises`;
  return [
    ...goals
      .filter(({ isBreak, isReached }) => !isBreak || isReached)
      .flatMap(({ isReached, text }) => marked(isReached ? 'reached' : 'open', text, ink)),
    ...(left === 0 ? [] : paragraph(`Then ${many}: what you try there must fail.`, ink)),
  ];
}

/** @returns every lesson with its status, for `--list` and the key `l` */
export function listLines(lessons: readonly LessonLine[], ink: Ink): readonly string[] {
  return lessons.flatMap((one, index) => {
    const isNew = lessons[index - 1]?.part !== one.part;
    const heading = isNew ? [` ${ink.paint.bold(`Part ${one.part}: ${PARTS[one.part]}`)}`] : [];
    return [...heading, ...listLine(one, index + 1, ink)];
  });
}

const STATUS: Readonly<Record<LessonStatus, string>> = {
  open: '',
  done: 'done',
  'done-with-solution': 'done, with the solution shown',
  skipped: 'skipped',
};

function listLine(one: LessonLine, number: number, ink: Ink): readonly string[] {
  const { id, title, minutes, status, isCurrent } = one;
  const notes = [`${minutes} min`, STATUS[status], isCurrent ? 'you are here' : ''].filter(
    (note) => note !== '',
  );
  const sign = ink.isPlain ? '' : `${dot(one)} `;
  return hanging(
    `   ${sign}${String(number).padStart(2)}  `,
    `${id}  ${title} (${notes.join(', ')})`,
    ink.width,
  );
}
