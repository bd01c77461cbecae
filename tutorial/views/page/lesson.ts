/** The current lesson: what it is about, what to do, and why it matters. */
import { html, raw } from 'hono/html';
import { renderSequenceSvg } from '../../../fixtures/diagram/svg.js';
import { VERIFIER } from '../../lessons/id-token/exercise.js';
import type { LessonProgress } from '../../progress.js';
import type { GoalLine, TutorialView } from '../../view.js';
import { PARTS } from '../parts.js';
import { appTestSection } from './app-test.js';
import { feedbackSection } from './feedback.js';
import { helpSection, startSection } from './help.js';
import { actionForm, hiddenToken, linked, type Markup, source, spoken } from './markup.js';
import type { PageData } from './page-data.js';
import { waitingSection } from './waiting.js';

export function lessonMain(shown: PageData): Markup {
  const { view, token } = shown;
  const { lesson, number, of } = view;
  return html`<main id="top" tabindex="-1">
${view.isFinished ? finishedSection(shown) : null}
<p class="eyebrow">Part ${lesson.part}: ${PARTS[lesson.part]}. Lesson ${number} of ${of}, about ${minutes(lesson.minutes)}.</p>
<h1 id="lesson" tabindex="-1" data-lesson="${lesson.id}">${lesson.title}</h1>
<progress max="${of}" value="${view.lessons.filter(({ status }) => status !== 'open').length}" aria-label="Lessons completed"></progress>
${view.story.map((paragraph) => html`<p>${linked(paragraph)}</p>`)}
${
  lesson.words.length === 0
    ? null
    : html`<dl class="words">${lesson.words.map(({ word, meaning }) => html`<dt>${word}</dt><dd>${meaning}</dd>`)}</dl>`
}
${pictureSection(view)}
${startSection(shown)}
${goalsSection(shown)}
${feedbackSection(view)}
${guessSection(view, token)}
${appTestSection(view, token)}
${view.isDone ? html`${gainedSection(shown)}${actions(view, token)}${helpSection(shown)}${waitingSection(view, shown.now, shown.since)}` : html`${helpSection(shown)}${waitingSection(view, shown.now, shown.since)}${actions(view, token)}`}
</main>`;
}

function pictureSection({ picture, lesson }: TutorialView): Markup | null {
  if (picture === null) return null;
  const svg = renderSequenceSvg(picture, `Who talks to whom in “${lesson.title}”`);
  return html`<div class="sequence-scroll" id="picture" tabindex="0" role="region" aria-label="Who talks to whom">${raw(svg)}</div>`;
}

export const minutes = (count: number): string => (count === 1 ? '1 minute' : `${count} minutes`);

function goalsSection({ view, progress }: PageData): Markup {
  return html`<section aria-labelledby="goals"><h2 id="goals">What to do</h2>
<ol class="goals">${view.goals.map((goal) => goalItem(goal, view, progress))}</ol></section>`;
}

function goalItem(goal: GoalLine, { lesson, feedback }: TutorialView, { guesses }: LessonProgress): Markup {
  const exercise = lesson.exercises.find(({ id }) => id === goal.id);
  const isTold = feedback?.kind === 'goal' && feedback.id === goal.id;
  return html`<li class="${goal.isReached ? 'reached' : ''}">
<span class="tick" aria-hidden="true">${goal.isReached ? '✓' : '○'}</span>
<div><p>${spoken(goal.isReached ? 'Done: ' : 'To do: ')}${goal.isExercise ? html`<strong class="badge">this must fail</strong> ` : null}${linked(goal.text)}</p>
${goal.isReached && exercise !== undefined ? html`<p>${guessed(exercise.guess, guesses[goal.id])}${isTold ? null : exercise.lesson}</p>` : null}
${goal.id === VERIFIER && lesson.idTokens !== 'keys' && !goal.isReached ? html`<p><a href="/token#flaws">Find the flaws in three tokens</a></p>` : null}
${goal.isReached ? source(goal.clause, goal.requirement) : null}</div></li>`;
}

function guessed(
  { choices, answer }: TutorialView['lesson']['exercises'][number]['guess'],
  given: number | undefined,
): Markup | null {
  if (given === undefined) return null;
  const right = given === answer ? 'That was right.' : `Right answer: ${choices[answer]}.`;
  return html`Your guess: ${choices[given]}. ${right} `;
}

/** One click, and it's optional. */
function guessSection({ guess }: TutorialView, token: string): Markup | null {
  if (guess === null) return null;
  const { question, choices, given } = guess;
  return html`<section aria-labelledby="guess"><h2 id="guess">Guess first</h2>
<form method="post" action="/do/guess" data-live>${hiddenToken(token)}
<fieldset><legend>${question}</legend>
<div class="row">${choices.map(
    (choice, index) =>
      html`<button id="guess-${index}" name="choice" value="${index}" aria-pressed="${index === given ? 'true' : 'false'}">${choice}</button>`,
  )}</div></fieldset></form>
<p>${given === null ? 'Guessing is optional. Then send the request.' : 'Now send the request and see.'}</p></section>`;
}

function gainedSection({ view, command }: PageData): Markup {
  const { lesson, lessons, number } = view;
  const next = lessons[number];
  const endsPart = next !== undefined && next.part !== lesson.part;
  return html`<section class="gained" aria-labelledby="gained"><h2 id="gained">Lesson done. Why it works this way</h2>
<ul>${lesson.why.map((line) => html`<li>${line}</li>`)}</ul>
<p><strong>In production:</strong> ${lesson.production}</p>
${
  endsPart
    ? html`<p class="stop">Part ${lesson.part} ends here: a good place to stop. <code>${command('')}</code> continues here.</p>`
    : null
}</section>`;
}

function finishedSection({ view, command }: PageData): Markup {
  const skipped = view.lessons.filter(({ status }) => status === 'skipped');
  return html`<section class="gained" aria-labelledby="finished"><h2 id="finished">All done</h2>
<p>${
    skipped.length === 0
      ? 'Every lesson is done.'
      : `You’ve reached the end. You skipped: ${skipped.map(({ title }) => title).join(', ')}.`
  }</p>
<p>To start over: <code>${command('--reset')}</code>. To repeat one lesson: “Restart this lesson” below.</p></section>`;
}

function actions({ isDone, number, of }: TutorialView, token: string): Markup {
  const isLast = number === of;
  return html`<section aria-labelledby="go-on"><h2 id="go-on">Continue</h2><div class="row">
${
  isDone && isLast
    ? null
    : actionForm(token, {
        id: 'next',
        path: '/do/next',
        label: isDone ? 'Next lesson' : 'Skip this lesson',
        isPrimary: isDone,
      })
}
${actionForm(token, { id: 'reset', path: '/do/reset', label: 'Restart this lesson' })}
</div></section>`;
}
