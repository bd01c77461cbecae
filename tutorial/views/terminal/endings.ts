/** What is printed at the end of a lesson, of a part and of the tutorial. */
import type { TutorialView } from '../../view.js';
import { PARTS } from '../parts.js';
import { hanging, type LineStyle, marked, paragraph } from './line-style.js';

export interface Controls {
  /** The command that starts this tutorial again. */
  readonly command: string;
  readonly hasKeys: boolean;
}

/** @returns what to print when a lesson's goals and exercises are all done */
export function doneLines(view: TutorialView, controls: Controls, style: LineStyle): readonly string[] {
  const { lesson, number } = view;
  return [
    ...marked('reached', `Lesson ${number} done. Why it works this way:`, style),
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
      ...paragraph('That was the last lesson, but some aren’t done yet. Still open:', style),
      ...open.flatMap(({ id, title }) => hanging('   - ', `${title}:`, style.width).concat(go(id, controls))),
    ];
  }
  const stop =
    following.part === lesson.part
      ? []
      : [
          ...paragraph(
            `That was part ${lesson.part}, ${PARTS[lesson.part]}: a good place to stop. To continue here later:`,
            style,
          ),
          `   ${controls.command}`,
        ];
  const next = `${following.title} (about ${following.minutes} min)`;
  return [
    ...stop,
    ...(controls.hasKeys
      ? paragraph(`Press n for the next lesson: ${next}`, style)
      : [
          ...paragraph(`Next: ${next}. Continue on the page, or quit and run:`, style),
          ...go(following.id, controls),
        ]),
  ];
}

const go = (id: string, { command }: Controls): readonly string[] => [`   ${command} --lesson ${id}`];

/** The end of the tutorial: what was done, and what to do next. */
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
        ? `All ${lessons.length} lessons done.`
        : `That’s the end: ${done} of ${lessons.length} lessons done, ${skipped.length} skipped.`,
      style,
    ),
    ...skipped.flatMap(({ title, id }) =>
      hanging('   - ', `skipped: ${title}:`, style.width).concat(go(id, { command, hasKeys: false })),
    ),
    ...paragraph('Where to go from here:', style),
    ...paragraph('Test your own server, requirement by requirement:', style, 3),
    '   npx polar-conformance run https://auth.example.com',
    ...paragraph('Use this sandbox in your app’s own tests:', style, 3),
    '   npx polar-conformance sandbox --port 8080',
    ...paragraph('Start the tutorial over:', style, 3),
    `   ${command} --reset`,
  ];
}
