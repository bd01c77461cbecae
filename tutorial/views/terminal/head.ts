/** The start of a lesson: its number, text, new words and goals. */
import type { LessonStatus } from '../../progress.js';
import type { LessonLine, TutorialView } from '../../view.js';
import { PARTS } from '../parts.js';
import { hanging, type LineStyle, marked, paragraph } from './line-style.js';
import { pictureLines } from './picture-lines.js';

/** @returns the start of the current lesson */
export function headLines(view: TutorialView, style: LineStyle): readonly string[] {
  return [
    ...titleLines(view, style),
    ...view.story.flatMap((text) => ['', ...paragraph(text, style)]),
    ...wordLines(view, style),
    ...(view.picture === null ? [] : ['', ...pictureLines(view.picture, style)]),
    '',
    ...goalLines(view, style),
  ];
}

/** On one line if it fits, otherwise on two. */
function titleLines(view: TutorialView, style: LineStyle): readonly string[] {
  const { lesson, number, of } = view;
  const where = `${number} of ${of}`;
  const time = `about ${lesson.minutes} ${lesson.minutes === 1 ? 'minute' : 'minutes'}`;
  const dots = style.isPlain ? '' : `${view.lessons.map(dot).join('')}  `;
  const title = hanging(` ${where}  `, lesson.title, style.width).map((line) => style.paint.bold(line));
  const length = where.length + lesson.title.length + dots.length + time.length + 6;
  const rest = `${dots}${style.paint.dim(time)}`;
  return length <= style.width ? [`${title.join('')}   ${rest}`] : [...title, ` ${rest}`];
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

function wordLines({ lesson: { words } }: TutorialView, style: LineStyle): readonly string[] {
  if (words.length === 0) return [];
  return [
    '',
    ` ${style.paint.bold(words.length === 1 ? 'New word' : 'New words')}`,
    ...words.flatMap(({ word, meaning }) => {
      const lines = hanging('   ', `${word}: ${meaning}`, style.width);
      return lines.map((line, index) => (index === 0 ? line.replace(word, style.paint.cyan(word)) : line));
    }),
  ];
}

function goalLines({ goals }: TutorialView, style: LineStyle): readonly string[] {
  const exercises = goals.filter(({ isExercise }) => isExercise);
  const left = exercises.filter(({ isReached }) => !isReached).length;
  const requests = left === 1 ? 'the next request is' : `the next ${left} requests are`;
  return [
    ...goals
      .filter(({ isExercise, isReached }) => !isExercise || isReached)
      .flatMap(({ isReached, text }) => marked(isReached ? 'reached' : 'open', text, style)),
    ...(left === 0 ? [] : paragraph(`Then try to break it: ${requests} supposed to fail.`, style)),
  ];
}

/** @returns every lesson with its status, for `--list` and the key `l` */
export function listLines(lessons: readonly LessonLine[], style: LineStyle): readonly string[] {
  return lessons.flatMap((one, index) => {
    const isNew = lessons[index - 1]?.part !== one.part;
    const heading = isNew ? [` ${style.paint.bold(`Part ${one.part}: ${PARTS[one.part]}`)}`] : [];
    return [...heading, ...listLine(one, index + 1, style)];
  });
}

const STATUS: Readonly<Record<LessonStatus, string>> = {
  open: '',
  done: 'done',
  'done-with-solution': 'done, with the solution shown',
  skipped: 'skipped',
};

function listLine(one: LessonLine, number: number, style: LineStyle): readonly string[] {
  const { id, title, minutes, status, isCurrent } = one;
  const notes = [`${minutes} min`, STATUS[status], isCurrent ? 'you are here' : ''].filter(
    (note) => note !== '',
  );
  const sign = style.isPlain ? '' : `${dot(one)} `;
  return hanging(
    `   ${sign}${String(number).padStart(2)}  `,
    `${id}  ${title} (${notes.join(', ')})`,
    style.width,
  );
}
