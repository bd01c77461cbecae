/** What the watcher says about the last request, with the two values aligned where they differ. */
import { html } from 'hono/html';
import type { TutorialView } from '../../view.js';
import type { Comparison, Feedback } from '../../watcher/feedback.js';
import { type Aligned, aligned } from '../aligned.js';
import { type Markup, source } from './markup.js';

const HEADINGS: Readonly<Record<Feedback['kind'], string>> = {
  goal: 'That worked',
  mistake: 'Not yet',
  'near-miss': 'Refused for another reason',
  accepted: 'Accepted, but it should have been refused',
  refused: 'Refused',
  progress: 'Got it',
  repeated: 'Got it',
  unrelated: 'Got it',
  fault: 'A bug in the tutorial',
};

export function feedbackSection({ feedback, lesson }: TutorialView): Markup | null {
  if (feedback === null) return null;
  const isExercise = feedback.kind === 'goal' && lesson.exercises.some(({ id }) => id === feedback.id);
  const { kind, request, status, message, comparison, clause, requirement } = feedback;
  return html`<section id="feedback" class="feedback ${kind}" aria-labelledby="feedback-title" data-at="${feedback.at}">
<h2 id="feedback-title">${isExercise ? 'It failed, as it should' : HEADINGS[kind]}</h2>
<p class="request"><code>${request}</code> <b>${status}</b></p>
<p>${message}</p>
${comparison === null ? null : compared(comparison)}
${source(clause, requirement)}
</section>`;
}

function compared({ expected, sent, difference }: Comparison): Markup {
  const both = aligned(expected, sent);
  return html`<dl class="compared">
<dt>expected</dt><dd><code>${marked(both.expected)}</code></dd>
<dt>sent</dt><dd><code>${marked(both.sent)}</code></dd>
<dt>difference</dt><dd>${difference}</dd>
</dl>`;
}

const MOST_GAPS = 40;

/** The difference is underlined as well as colored; a gap keeps the rest aligned. */
function marked({ before, differs, after, missing }: Aligned): Markup {
  const gap =
    missing === 0
      ? null
      : html`<span class="gap" aria-hidden="true">${'\u00a0'.repeat(Math.min(missing, MOST_GAPS))}</span>`;
  return html`${before}${differs === '' ? null : html`<mark>${differs}</mark>`}${gap}${after}`;
}
