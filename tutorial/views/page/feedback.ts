/** What the watcher says of the last request: in words, and with the two texts in line where they differ. */
import { html } from 'hono/html';
import type { TutorialView } from '../../view.js';
import type { Comparison, Feedback } from '../../watcher/feedback.js';
import { type Aligned, aligned } from '../aligned.js';
import { type Markup, source } from './markup.js';

const HEADINGS: Readonly<Record<Feedback['kind'], string>> = {
  goal: 'That worked',
  mistake: 'Not yet',
  'near-miss': 'Refused, for another reason',
  accepted: 'Accepted, and should not be',
  refused: 'Refused',
  progress: 'Seen',
  unrelated: 'Seen',
  fault: 'A fault of the tutorial',
};

export function feedbackSection({ feedback, lesson }: TutorialView): Markup | null {
  if (feedback === null) return null;
  const isBreak = feedback.kind === 'goal' && lesson.breaks.some(({ id }) => id === feedback.id);
  const { kind, request, status, message, comparison, clause, requirement } = feedback;
  return html`<section id="feedback" class="feedback ${kind}" aria-labelledby="feedback-title" data-at="${feedback.at}">
<h2 id="feedback-title">${isBreak ? 'It failed, as it must' : HEADINGS[kind]}</h2>
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

/** The mark is underlined, so that it is seen without color; a gap keeps what follows in line. */
function marked({ before, differs, after, missing }: Aligned): Markup {
  const gap =
    missing === 0
      ? null
      : html`<span class="gap" aria-hidden="true">${'\u00a0'.repeat(Math.min(missing, MOST_GAPS))}</span>`;
  return html`${before}${differs === '' ? null : html`<mark>${differs}</mark>`}${gap}${after}`;
}
