/** What a request says is text on the pages of the server, and nothing else. */
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { describeOutcome, quote } from '../../fixtures/expect/describe.js';
import type {
  AuthorizationOptions,
  AuthorizationOutcome,
  ParameterChanges,
} from '../../fixtures/flow/types.js';
import { stretched } from '../../fixtures/time/deadline.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { clientThatAsks } from '../steps/consent.js';
import { isDecision, isLogin, signInIfAsked } from '../steps/continue-to-redirect.js';
import { isNotTested, nullOn } from '../steps/signals.js';
import { findInjectedMarkup } from './injected-markup.js';

/** Breaks out of text, of a title, of a script, and of an attribute in either kind of quotes. */
const HOSTILE = `"'></title></script><img src=x onerror=window.__pc=1><script>window.__pc=1</script>`;
/** Parameters that a server hands through its pages, whatever they are. */
const PASSED_ON = { state: HOSTILE, login_hint: HOSTILE } as const;
/** Breaks out of a string of a script, in either kind of quotes. */
const IN_SCRIPTS = { state: `"-(window.__pc=1)-"`, login_hint: `'-(window.__pc=1)-'` } as const;
/** So long the script of the probe may take to run. */
const PROBE_MS = 1_000;

export const xssParameters = requirement({
  id: 'consent-xss-parameters',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '10.14')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: 'The pages never show request parameters as markup.',
  how:
    `Sends ${HOSTILE} as state and login_hint, without a session (login page) and signed in (consent ` +
    'page), and as scope, client_id, redirect_uri, response_type, prompt, ui_locales, display, nonce, ' +
    'claims, response_mode and code_challenge_method. Expects no element or attribute made from it, and no ' +
    'script that ran; an error or a refusal (4xx) is fine. If the server lists response_mode=form_post, ' +
    "expects the text unchanged as the form's state. The same text does run on the suite's own page in the " +
    'same browser.' +
    ' The same for max_age, acr_values, id_token_hint, sub_type, an unknown parameter, the name of a parameter, the name of a user, and an expression that would run in a string of a script.',
  hint: 'Escape every request parameter when you build a page.',
  async check({ flow, users, expect, remark }) {
    const { options } = await clientThatAsks(flow);
    const signedOut = await users.newPage('nobody');
    await probeForScript(signedOut);
    const judge = async (answer: AuthorizationOutcome, visit: BrowserPage, names: string) => {
      if (answer.kind === 'redirected') return remark(`With ${names}: ${describeOutcome(answer)}.`);
      const made = await findInjectedMarkup(visit.page);
      expect.none(
        made,
        `The ${answer.page.kind} page turns text from the request into markup.`,
        `${names} as text, or not at all`,
      );
      remark(`With ${names}: ${describeOutcome(answer)}.`);
    };

    const open = (params: ParameterChanges) => signedOut.openAuthorization(withParams(options, params));
    const login = await open(PASSED_ON);
    await judge(login, signedOut, 'state and login_hint');
    if (login.kind === 'redirected' || login.page.kind !== 'login') {
      // Refused together: the refusal of one would hide the other.
      for (const [name, value] of Object.entries(PASSED_ON)) {
        await judge(await open({ [name]: value }), signedOut, name);
      }
    }
    await judge(await open(IN_SCRIPTS), signedOut, 'state and login_hint as an expression');
    const others = {
      scope: `${flow.minimalScope} ${HOSTILE}`,
      client_id: HOSTILE,
      redirect_uri: `${options.client.redirect_uri}?${HOSTILE}`,
      response_type: HOSTILE,
      prompt: HOSTILE,
      ui_locales: HOSTILE,
      display: HOSTILE,
      nonce: HOSTILE,
      claims: HOSTILE,
      response_mode: HOSTILE,
      code_challenge_method: HOSTILE,
      max_age: HOSTILE,
      acr_values: HOSTILE,
      id_token_hint: HOSTILE,
      sub_type: HOSTILE,
      x_unknown: HOSTILE,
      [HOSTILE]: '1',
    };
    for (const [name, value] of Object.entries(others)) {
      const names = name === HOSTILE ? 'the name of a parameter' : name;
      await judge(await open({ [name]: value }), signedOut, names);
    }
    if (isLogin(await open({}))) {
      const credentials = { username: HOSTILE, password: 'no such password' };
      const tried = await nullOn(isNotTested, () => signedOut.signIn(credentials));
      if (tried !== null) await judge(tried, signedOut, 'the name of a user');
    }

    await judgeFormPost({ flow, expect }, options);
    const user = await users.newPage('first');
    const consent = await signInIfAsked(user, await user.openAuthorization(withParams(options, PASSED_ON)));
    await judge(consent, user, 'state and login_hint, signed in');
    const scripted = await user.openAuthorization(withParams(options, IN_SCRIPTS));
    await judge(scripted, user, 'state and login_hint as an expression, signed in');
    if (!isDecision(consent)) {
      const alone = withParams(options, { state: HOSTILE });
      await judge(await signInIfAsked(user, await user.openAuthorization(alone)), user, 'state, signed in');
    }
  },
});

/** The page of form_post is left at once, so what its form carries shows whether the text stayed text. */
async function judgeFormPost(
  { flow, expect }: Pick<CheckContext, 'flow' | 'expect'>,
  { client }: AuthorizationOptions,
): Promise<void> {
  if (flow.supportedValues('response_modes_supported')?.includes('form_post') !== true) return;
  const ask = (state: string, note: string) => {
    const params = { response_mode: 'form_post', prompt: 'none' };
    return flow.authorize({ ...(client === undefined ? {} : { client }), as: 'nobody', state, params, note });
  };
  const control = await ask('harmless', 'the control: response_mode=form_post');
  if (control.kind !== 'redirected' || control.form.get('state') !== 'harmless') return;
  const answer = await ask(HOSTILE, 'markup as state, with response_mode=form_post');
  if (answer.kind !== 'redirected') return;
  const sent = answer.form.get('state');
  expect.that(
    sent === HOSTILE,
    'The page for response_mode=form_post turns text from the request into markup.',
    {
      expected: 'a form with the state as it was sent',
      received: sent === null ? 'a form without state' : `a form with the state ${quote(sent)}`,
      exchange: answer,
    },
  );
}

function withParams<Options extends AuthorizationOptions>(
  options: Options,
  params: ParameterChanges,
): Options {
  return { ...options, params: { ...options.params, ...params } };
}

/** The hostile text must run where nothing stops it, or its silence elsewhere would say nothing. */
async function probeForScript(visit: BrowserPage): Promise<void> {
  const url = 'https://attacker.example/';
  await visit.serveSite(url, `<!doctype html><title>Probe</title><p title="${HOSTILE}`);
  await visit.page.goto(url, { waitUntil: 'commit' });
  await visit.page.waitForFunction(() => '__pc' in window, null, { timeout: stretched(PROBE_MS) });
}
