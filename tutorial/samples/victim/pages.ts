/** The pages of the sample app. */
import { html } from 'hono/html';
import { page } from '../page.js';

/** @param base the path below which the app is mounted */
export function homePage({
  base,
  comparing,
  email,
}: {
  readonly base: string;
  readonly comparing: boolean;
  /** Of who is signed in; null for nobody. */
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
<h2>How it was written</h2>
<p>${
      comparing
        ? 'Its callback compares state with the one of the login that this browser began.'
        : 'Its callback takes whatever code comes. It sends state with each login, and never looks at it again.'
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
    html`<p>This browser now works in the account of <strong>${email}</strong>.</p>
<p><a href="${base}/">On to the app</a></p>`,
  );

export const refusedPage = (status: 400 | 403, why: string): Response =>
  page('Not signed in', html`<p role="alert">${why}</p>`, status);
