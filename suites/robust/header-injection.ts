/** Line breaks in parameters must not become line breaks between header fields. */
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Client, RawExchange } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { rawAuthorizationUrl } from './raw-requests.js';

const PAYLOADS = ['%0d%0aX-Injected:%201', '%0aSet-Cookie:injected=1'] as const;

/** The ways to an answer at the redirect URI that a header field carries. */
const INJECTION_POINTS = [
  { label: 'a signed-in user', as: 'first' },
  { label: 'nobody, with prompt=none', as: undefined },
] as const;

export const headerInjection = requirement({
  id: 'robust-header-injection',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '10.14'), rfc(9110, '5.5')],
  needs: ['user'],
  statement: 'Line breaks in parameters do not reach the response headers.',
  how:
    'Authorization requests of a signed-in user, and of nobody with prompt=none, with %0d%0aX-Injected:%201 and ' +
    '%0aSet-Cookie:injected=1 appended to state, scope and redirect_uri; the response is read field by field on a bare ' +
    'socket, where a lone CR or LF counts as a line break too. Expected: no such field in any response. (A status from 500 ' +
    'is judged by robust-authz-bytes.) With harmless values one of the two is answered at the redirect URI by a ' +
    'Location field with the state.',
  hint: 'Percent-encode parameters where they are put into a Location, and let no line break into any header field.',
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    await flow.code({ client });
    const answered: string[] = [];
    for (const way of INJECTION_POINTS) if (await isAnswered(flow, client, way)) answered.push(way.label);
    if (answered.length === 0) {
      throw new NotTested(
        'The server answers at the redirect URI by other means than a Location field, so no header field could carry what was sent.',
      );
    }
    remark(`With harmless values a Location field answers ${answered.join(' and ')}.`);
    const valid = {
      state: 'polar-conformance',
      scope: flow.minimalScope,
      redirect_uri: encodeURIComponent(client.redirect_uri),
    };
    for (const [name, value] of Object.entries(valid)) {
      for (const payload of PAYLOADS) {
        for (const way of INJECTION_POINTS) {
          const note = `${name} with ${payload}, ${way.label}`;
          const answer = await ask(flow, client, way, { [name]: value + payload }, note);
          const field = findInjectedField(answer);
          expect.none(
            field,
            `A line break in ${name} begins a header field of its own.`,
            'the line break percent-encoded, or the request refused',
          );
        }
      }
    }
  },
});

type InjectionPoint = (typeof INJECTION_POINTS)[number];

async function isAnswered(flow: Flow, client: Client, way: InjectionPoint): Promise<boolean> {
  const state = 'harmless-value';
  const { fields } = await ask(flow, client, way, { state }, `harmless values, ${way.label}`);
  return fields.some(
    ([name, value]) =>
      name === 'location' &&
      value.startsWith(client.redirect_uri) &&
      new URLSearchParams(value.split(/[?#]/).slice(1).join('&')).get('state') === state,
  );
}

async function ask(
  flow: Flow,
  client: Client,
  { as }: InjectionPoint,
  raw: Readonly<Record<string, string>>,
  note: string,
): Promise<RawExchange> {
  const url = rawAuthorizationUrl(flow, client, as === undefined ? { ...raw, prompt: 'none' } : raw);
  const answer = await flow.sendRaw({ url, note, ...(as === undefined ? {} : { as }) });
  requireNotRateLimited(answer.exchange);
  return answer;
}

function findInjectedField({ fields }: RawExchange): string | null {
  const found = fields.find(
    ([name, value]) => name === 'x-injected' || (name === 'set-cookie' && /^injected=/.test(value)),
  );
  return found === undefined ? null : found.join(': ');
}
