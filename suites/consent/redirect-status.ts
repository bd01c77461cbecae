/** How a form with a password or a decision is answered: so that it goes no further. */

import type { Page } from '@playwright/test';
import { fairNow } from '../../fixtures/time/deadline.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import {
  clientThatAsks,
  describeConsentAnswer,
  isDecisionPage,
  readCode,
  stripQuery,
} from '../steps/consent.js';

/** The browser may tell of an answer a little after it has gone on. */
const TOLD_MS = 500;

export const redirectStatus = requirement({
  id: 'consent-redirect-status',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(9700, '4.12')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: 'The answer to a form with credentials or a decision does not repeat the POST at the client.',
  how:
    'A visitor signs in and allows. Expected: the form with the credentials is not answered with a redirect of status ' +
    '307 or 308, by which the browser sends the form once more, and the form with the decision not with one to another site. ' +
    'Other redirects (303 is recommended, 302 usual), a page, and a navigation by script pass. Not applicable where ' +
    'no form is sent by POST.',
  hint: 'Answer a form with 303 See Other.',
  async check({ flow, users, target, expect, remark }) {
    const { options } = await clientThatAsks(flow);
    const own = new Set([target.issuer, flow.endpoint('authorization')].map((url) => new URL(url).origin));
    const visit = await users.newPage(canSignIn(users) ? 'nobody' : 'first');
    const posts = new Posts(visit.page);
    let answer = await visit.openAuthorization(options);
    if (answer.kind === 'stayed' && answer.page.kind === 'login') {
      answer = await posts.during('credentials', () => visit.signIn());
    }
    if (answer.kind === 'stayed' && isDecisionPage(answer.page)) {
      answer = await posts.during('decision', () => visit.allow());
    }
    for (const { form, status, url, to } of posts.seen) {
      const repeats = status === 307 || status === 308;
      const leaves = to === null || !URL.canParse(to, url) || !own.has(new URL(to, url).origin);
      expect.that(
        !repeats || (form === 'decision' && !leaves),
        `The form with the ${form} was answered with ${status}, so the browser sends it on.`,
        {
          expected: '303, or another answer after which the browser uses GET',
          received: `${status} from ${stripQuery(url)} to ${stripQuery(to ?? '')}`,
        },
      );
      remark(`The form with the ${form} was answered with ${status}.`);
    }
    if (readCode(answer) === null) {
      throw new Blocked(
        'code',
        `Signing in and allowing ended at ${describeConsentAnswer(answer)} instead of a code.`,
      );
    }
    if (posts.seen.length === 0) throw new NotApplicable('No form of the pages is sent by POST.');
  },
});

interface Post {
  readonly form: 'credentials' | 'decision';
  readonly url: string;
  readonly status: number;
  readonly to: string | null;
}

/** The answers to the forms that the page posts. */
class Posts {
  readonly seen: Post[] = [];
  #form: Post['form'] = 'credentials';

  constructor(private readonly page: Page) {
    page.on('response', (response) => {
      const request = response.request();
      if (request.method() !== 'POST' || !request.isNavigationRequest()) return;
      const to = response.headers().location ?? null;
      this.seen.push({ form: this.#form, url: request.url(), status: response.status(), to });
    });
  }

  async during<Result>(form: Post['form'], act: () => Promise<Result>): Promise<Result> {
    this.#form = form;
    const before = this.seen.length;
    const result = await act();
    const until = fairNow() + TOLD_MS;
    while (this.seen.length === before && fairNow() < until) await this.page.waitForTimeout(20);
    return result;
  }
}

function canSignIn(people: CheckContext['users']): boolean {
  try {
    people.credentials('first');
    return true;
  } catch (signal) {
    if (signal instanceof NotTested) return false;
    throw signal;
  }
}
