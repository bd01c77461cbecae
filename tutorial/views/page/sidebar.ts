/** The sidebar: the learner's values, and the list of lessons. */
import { html } from 'hono/html';
import type { Part } from '../../lessons/lesson.js';
import { namesOf } from '../../lessons/recipe.js';
import { NAMES, type Name, SECRET_NAMES, type Values } from '../../lessons/values.js';
import type { LessonStatus } from '../../progress.js';
import type { LessonLine } from '../../view.js';
import { PARTS } from '../parts.js';
import { minutes } from './lesson.js';
import { actionForm, copyButton, type Markup, revealForm } from './markup.js';
import type { PageData } from './page-data.js';
import { holdsSecret } from './secrets.js';

const STATUS: Readonly<Record<LessonStatus, { readonly mark: string; readonly text: string }>> = {
  open: { mark: '○', text: 'to do' },
  done: { mark: '✓', text: 'done' },
  'done-with-solution': { mark: '✓', text: 'done, with the solution' },
  skipped: { mark: '–', text: 'skipped' },
};

export function sidebar(shown: PageData): Markup {
  return html`<div class="beside">${valuesPanel(shown)}${lessonList(shown)}</div>`;
}

function lessonList({ view, token }: PageData): Markup {
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

/** First the values that the lesson's requests use. */
function valuesPanel({ view, values, token, env }: PageData): Markup {
  const { lesson } = view;
  const recipes = [...lesson.solution, ...lesson.exercises.flatMap(({ solution }) => solution)];
  const used = new Set(recipes.flatMap(namesOf));
  const known = NAMES.filter((name) => values[name] !== undefined);
  const list = (names: readonly Name[]) =>
    html`<dl class="values">${names.map((name) => html`<dt><code>${name}</code></dt><dd>${shownValue(name, values, token)}</dd>`)}</dl>`;
  return html`<section aria-labelledby="values"><h2 id="values">Your values</h2>
${list(known.filter((name) => used.has(name)))}
<details id="more-values"><summary>More values</summary>${list(known.filter((name) => !used.has(name)))}</details>
<p>Load them all into your shell: <code>${env.sh}</code> ${copyButton('the command')}</p>
<p>In PowerShell: <code>${env.powershell}</code></p></section>`;
}

/** Secrets aren't in the page; the learner reveals them. */
function shownValue(name: Name, values: Values, token: string): Markup {
  const value = values[name] ?? '';
  return SECRET_NAMES.has(name) || holdsSecret(value, values)
    ? revealForm(token, name, html` action="/reveal"`)
    : html`<code class="value">${value}</code>`;
}
