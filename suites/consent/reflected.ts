/** What a request says is text on the pages of the server, and nothing else. */

import type { Answer, AuthorizationOptions, ParameterChanges } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { stretched } from '../../fixtures/time/deadline.js';
import { isDecision, signedIn } from '../authz/onwards.js';
import { requirement } from '../requirement.js';
import { rfc } from '../sources.js';
import { madeOfMarkup } from './sight.js';
import { askingClient } from './steps.js';

/** Breaks out of text, and of an attribute in either kind of quotes. */
const HOSTILE = `"'><img src=x onerror=window.__pc=1><script>window.__pc=1</script>`;
/** Parameters that a server hands through its pages, whatever they are. */
const HANDED_ON = { state: HOSTILE, login_hint: HOSTILE } as const;
/** So long the script of the probe may take to run. */
const PROBE_MS = 1_000;

export const xssParameters = requirement({
  id: 'consent-xss-parameters',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '10.14')],
  needs: ['person', 'page', 'client'],
  byBrowser: true,
  statement: 'Request parameters are never reflected as markup.',
  how:
    `The text ${HOSTILE} is sent as state and login_hint, to a visitor (login page) and to a signed-in person ` +
    '(consent page), and as scope, client_id and redirect_uri (error page). Expected: no page has an element or ' +
    'attribute that was made of it, and nothing of it ran; an error, or a refusal by a filter in front (4xx), ' +
    'is as good. The same text runs in a page of this suite in the same browser.',
  next: 'Escape every parameter of the request where a page is built.',
  async check({ flow, people, expect, remark }) {
    const { options } = await askingClient(flow);
    const visitor = await people.visit('nobody');
    await probe(visitor);
    const judge = async (answer: Answer, visit: Visit, names: string) => {
      if (answer.kind === 'redirected') return remark(`With ${names}: ${whereItEnded(answer)}.`);
      const made = await madeOfMarkup(visit.page);
      expect.none(
        made,
        `The ${answer.page.kind} page turns text of the request into markup.`,
        `${names} as text, or not at all`,
      );
      remark(`With ${names}: ${whereItEnded(answer)}.`);
    };

    const open = (params: ParameterChanges) => visitor.open(withParams(options, params));
    const login = await open(HANDED_ON);
    await judge(login, visitor, 'state and login_hint');
    if (login.kind === 'redirected' || login.page.kind !== 'login') {
      // Refused together: the refusal of one would hide the other.
      for (const [name, value] of Object.entries(HANDED_ON)) {
        await judge(await open({ [name]: value }), visitor, name);
      }
    }
    const others = {
      scope: `${flow.narrow} ${HOSTILE}`,
      client_id: HOSTILE,
      redirect_uri: `${options.client.redirect_uri}?${HOSTILE}`,
    };
    for (const [name, value] of Object.entries(others)) {
      await judge(await open({ [name]: value }), visitor, name);
    }

    const person = await people.visit('first');
    const consent = await signedIn(person, await person.open(withParams(options, HANDED_ON)));
    await judge(consent, person, 'state and login_hint, signed in');
    if (!isDecision(consent)) {
      const alone = withParams(options, { state: HOSTILE });
      await judge(await signedIn(person, await person.open(alone)), person, 'state, signed in');
    }
  },
});

function withParams<Options extends AuthorizationOptions>(
  options: Options,
  params: ParameterChanges,
): Options {
  return { ...options, params: { ...options.params, ...params } };
}

/** The hostile text must run where nothing stops it, or its silence elsewhere would say nothing. */
async function probe(visit: Visit): Promise<void> {
  const url = 'https://attacker.example/';
  await visit.serve(url, `<!doctype html><title>Probe</title><p title="${HOSTILE}`);
  await visit.page.goto(url, { waitUntil: 'commit' });
  await visit.page.waitForFunction(() => '__pc' in window, null, { timeout: stretched(PROBE_MS) });
}
