/** The pages of the sample app. */
import { html } from 'hono/html';
import { page } from '../page.js';

/** @param base the path where the app is mounted */
export function homePage({
  base,
  comparing,
  email,
}: {
  readonly base: string;
  readonly comparing: boolean;
  /** Email of the signed-in user; null if nobody is signed in. */
  readonly email: string | null;
}): Response {
  const who =
    email === null
      ? html`<p>Nobody is signed in here.</p>`
      : html`<p>You are signed in as <strong>${email}</strong>.</p>`;
  return page(
    'The sample app',
    html`${who}
<p><a href="${base}/login">Sign in with Polar</a></p>
<h2>How it works</h2>
<p>${
      comparing
        ? 'Its callback compares state with that of the sign-in this browser started.'
        : 'Its callback accepts any code. It sends state with each sign-in, but never looks at it again.'
    }</p>
<form method="post" action="${base}/compare-state">
<button type="submit" name="compare" value="${comparing ? 'no' : 'yes'}">${
      comparing ? 'Stop comparing state' : 'Compare state'
    }</button>
</form>`,
  );
}

export const signedInPage = (base: string, email: string): Response =>
  page(
    'Signed in',
    html`<p>This browser is now signed in to the account of <strong>${email}</strong>.</p>
<p><a href="${base}/">Go to the app</a></p>`,
  );

export const refusedPage = (status: 400 | 403, why: string): Response =>
  page('Not signed in', html`<p role="alert">${why}</p>`, status);
