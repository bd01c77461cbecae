/** The test of the learner's app: a button, and what the app did with each wrong response. */
import { html } from 'hono/html';
import { APP_TESTED } from '../../lessons/your-app/app-tested.js';
import type { TutorialView } from '../../view.js';
import { actionForm, type Markup, spoken } from './markup.js';

/** @returns null for lessons that test no app, and before the app has signed a user in */
export function appTestSection({ lesson, goals, appTest }: TutorialView, token: string): Markup | null {
  const isReady = goals.every(({ isExercise, isReached }) => isExercise || isReached);
  if (!lesson.exercises.some(({ id }) => id === APP_TESTED) || !isReady) return null;
  return html`<section aria-labelledby="app-test"><h2 id="app-test">Test your app</h2>
<p>The tutorial signs in to your app six times: once properly, and five times with a response that is wrong on purpose. Your app must be running.</p>
${
  appTest === null
    ? null
    : html`<p role="status" class="${appTest.exitCode === 0 ? 'good' : 'bad'}">${appTest.message}</p>
<ul class="goals">${appTest.lines.map(
        ({ ok, text }) =>
          html`<li class="${ok ? 'reached' : 'failed'}"><span class="tick" aria-hidden="true">${ok ? '✓' : '✗'}</span><p>${spoken(ok ? 'Good: ' : 'Bad: ')}${text}</p></li>`,
      )}</ul>`
}
${actionForm(token, { id: 'do-test-app', path: '/do/test-app', label: appTest === null ? 'Test my app' : 'Test my app again' })}</section>`;
}
