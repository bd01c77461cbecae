/** What stands at the end of a lesson, of a part and of all. */
import type { TutorialView } from '../../view.js';
import { PARTS } from '../parts.js';
import { hanging, type LineStyle, marked, paragraph } from './line-style.js';

export interface Controls {
  /** Starts the tutorial again, as it was started now. */
  readonly command: string;
  readonly hasKeys: boolean;
}

/** @returns what is said when all goals and exercises of a lesson are behind the learner */
export function doneLines(view: TutorialView, controls: Controls, style: LineStyle): readonly string[] {
  const { lesson, number } = view;
  return [
    ...marked('reached', `Lesson ${number} is done. Why it is so:`, style),
    ...lesson.why.flatMap((line) => hanging('   - ', line, style.width)),
    ...paragraph(`In production: ${lesson.production}`, style, 3),
    '',
    ...(view.isFinished ? endLines(view, controls, style) : onwardLines(view, controls, style)),
  ];
}

function onwardLines(view: TutorialView, controls: Controls, style: LineStyle): readonly string[] {
  const { lessons, lesson, number } = view;
  const following = lessons[number];
  if (following === undefined) {
    const open = lessons.filter(({ status }) => status === 'open');
    return [
      ...paragraph('This was the last lesson, but not all are done yet. Still open:', style),
      ...open.flatMap(({ id, title }) => hanging('   - ', `${title}:`, style.width).concat(go(id, controls))),
    ];
  }
  const stop =
    following.part === lesson.part
      ? []
      : [
          ...paragraph(
            `That was part ${lesson.part}, ${PARTS[lesson.part]}: a good place to stop. This continues here:`,
            style,
          ),
          `   ${controls.command}`,
        ];
  const next = `${following.title} (about ${following.minutes} min)`;
  return [
    ...stop,
    ...(controls.hasKeys
      ? paragraph(`n goes on: ${next}`, style)
      : [
          ...paragraph(`Next: ${next}. Go on at the page, or end this and start:`, style),
          ...go(following.id, controls),
        ]),
  ];
}

const go = (id: string, { command }: Controls): readonly string[] => [`   ${command} --lesson ${id}`];

/** The real ending: what was done, and what to do with it. */
export function endLines(
  { lessons }: TutorialView,
  { command }: Controls,
  style: LineStyle,
): readonly string[] {
  const count = (...wanted: readonly string[]): number =>
    lessons.filter(({ status }) => wanted.includes(status)).length;
  const skipped = lessons.filter(({ status }) => status === 'skipped');
  const done = count('done', 'done-with-solution');
  return [
    ...marked(
      'reached',
      skipped.length === 0
        ? `All ${lessons.length} lessons are done.`
        : `That is the end: ${done} of ${lessons.length} lessons are done, ${skipped.length} skipped.`,
      style,
    ),
    ...skipped.flatMap(({ title, id }) =>
      hanging('   - ', `skipped: ${title}:`, style.width).concat(go(id, { command, hasKeys: false })),
    ),
    ...paragraph('Where to go from here:', style),
    ...paragraph('Judge a server of your own, requirement by requirement:', style, 3),
    '   npx polar-conformance run https://auth.example.com',
    ...paragraph('Use this server for the tests of your app:', style, 3),
    '   npx polar-conformance sandbox --port 8080',
    ...paragraph('Begin the tutorial anew:', style, 3),
    `   ${command} --reset`,
  ];
}
