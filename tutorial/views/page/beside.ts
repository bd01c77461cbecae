/** What stands beside the lesson: the way through all lessons, and the learner's values. */
import { html } from 'hono/html';
import type { Part } from '../../lessons/lesson.js';
import { NAMES, SECRET_NAMES } from '../../lessons/values.js';
import type { LessonStatus } from '../../progress.js';
import type { LessonLine } from '../../view.js';
import { PARTS } from '../parts.js';
import { minutes } from './lesson.js';
import { actionForm, hiddenToken, type Markup } from './markup.js';
import type { Shown } from './shown.js';

const STATUS: Readonly<Record<LessonStatus, { readonly mark: string; readonly text: string }>> = {
  open: { mark: '○', text: 'to do' },
  done: { mark: '✓', text: 'done' },
  'done-with-solution': { mark: '✓', text: 'done, with the solution' },
  skipped: { mark: '–', text: 'skipped' },
};

export function beside(shown: Shown): Markup {
  return html`<div class="beside">${lessonList(shown)}${valuesPanel(shown)}</div>`;
}

function lessonList({ view, token }: Shown): Markup {
  const parts = [...new Set(view.lessons.map(({ part }) => part))];
  return html`<nav aria-labelledby="lessons"><h2 id="lessons">Lessons</h2>${parts.map((part) => partOf(part, view.lessons, token))}</nav>`;
}

function partOf(part: Part, lessons: readonly LessonLine[], token: string): Markup {
  return html`<h3>${part}. ${PARTS[part]}</h3><ul class="lessons">${lessons
    .filter((lesson) => lesson.part === part)
    .map(
      (lesson) =>
        html`<li>${actionForm(token, {
          id: `go-${lesson.id}`,
          path: '/do/go',
          fields: { lesson: lesson.id },
          isCurrent: lesson.isCurrent,
          label: html`<span aria-hidden="true">${STATUS[lesson.status].mark}</span> <span><b>${lesson.title}</b><br><small>${STATUS[lesson.status].text}, ${minutes(lesson.minutes)}</small></span>`,
        })}</li>`,
    )}</ul>`;
}

/** A secret is not in the page: it is asked for. */
function valuesPanel({ values, token }: Shown): Markup {
  const known = NAMES.filter((name) => values[name] !== undefined);
  return html`<section aria-labelledby="values"><h2 id="values">Your values</h2>
<dl class="values">${known.map(
    (name) =>
      html`<dt><code>${name}</code></dt><dd>${
        SECRET_NAMES.has(name)
          ? html`<form method="post" action="/reveal" data-reveal>${hiddenToken(token)}<input type="hidden" name="name" value="${name}"><button id="reveal-${name}">Reveal<span class="spoken"> ${name}</span></button> <button type="button" class="copy" hidden>Copy<span class="spoken"> ${name}</span></button></form>`
          : html`<code class="value">${values[name]}</code>`
      }</dd>`,
  )}</dl>
<p>All of them as variables of your shell: <code>eval "$(npx polar-conformance tutorial env)"</code></p></section>`;
}
