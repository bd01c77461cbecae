/** How a form with a password or a decision is answered: so that it goes no further. */
import { PostedForms } from '../../fixtures/browser/posted-forms.js';
import { stripQuery } from '../../fixtures/urls.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { clientThatAsks } from '../steps/consent.js';
import { isDecision, isLogin } from '../steps/continue-to-redirect.js';
import { usernameIfKnown } from '../steps/login.js';
import { isNotTested, nullOn } from '../steps/signals.js';

export const redirectStatus = requirement({
  id: 'consent-redirect-status',
  level: 'MUST',
  levelReason:
    "The clause covers forms that may contain credentials. The decision's form carries the session's token " +
    'to the client.',
  profile: 'oauth',
  clauses: [rfc(9700, '4.12')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement:
    "The response to a form with credentials or a decision doesn't make the browser send the form again.",
  how:
    'A user signs in, denies, and allows when asked again. Expects no 307 or 308 for the form with ' +
    "credentials, which makes the browser send it again, and none to another site for the decision's form. " +
    'Other redirects (303 is recommended, 302 common), a page, and navigation by script pass. Not ' +
    'applicable if no form is sent by POST.',
  hint: 'Answer a form with 303 See Other.',
  async check({ flow, users, target, expect, remark }) {
    const { options } = await clientThatAsks(flow);
    const own = new Set([target.issuer, flow.endpoint('authorization')].map((url) => new URL(url).origin));
    const visit = await users.newPage((await usernameIfKnown(users)) === null ? 'first' : 'nobody');
    const posts = new PostedForms(visit.page);
    let answer = await visit.openAuthorization(options);
    if (isLogin(answer)) {
      answer = await posts.during('credentials', () => visit.signIn());
    }
    if (isDecision(answer)) {
      // Where no control to deny is found, none was pressed.
      await nullOn(isNotTested, () => posts.during('decision', () => visit.deny()));
      answer = await visit.openAuthorization(options);
      if (isDecision(answer)) answer = await posts.during('decision', () => visit.allow());
    }
    for (const { form, status, url, to } of posts.seen) {
      const repeats = status === 307 || status === 308;
      const leaves = to === null || !URL.canParse(to, url) || !own.has(new URL(to, url).origin);
      expect.that(
        !repeats || (form === 'decision' && !leaves),
        `The form with the ${form} was answered with ${status}, so the browser sends it again.`,
        {
          expected: '303, or another answer after which the browser uses GET',
          received: `${status} from ${stripQuery(url)} to ${stripQuery(to ?? '')}`,
        },
      );
      remark(`The form with the ${form} was answered with ${status}.`);
    }
    requireCode(answer, 'Signing in and allowing');
    if (posts.seen.length === 0) throw new NotApplicable('No form of the pages is sent by POST.');
  },
});
