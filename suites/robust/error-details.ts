/** Requests that provoke an error at each endpoint, and what an error must not tell. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { EndpointName, RequestSpec } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Target } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';
import { asvs } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isNotApplicable, isUnavailable, nullOn } from '../steps/signals.js';
import { findLeakedDetails } from './leaked-details.js';
import { rawAuthorizationUrl, sharedOrUnknownClient } from './raw-requests.js';

export const noStackTrace = requirement({
  id: 'robust-no-stack-trace',
  level: 'SHOULD',
  levelReason: "OWASP ASVS isn't an OAuth specification. It says what every web server should do.",
  profile: 'oauth',
  clauses: [asvs('7.4.1')],
  needs: [],
  statement: "Errors don't disclose internals.",
  how:
    'Causes errors: at the authorization endpoint an unknown client, no parameters, malformed bytes and an ' +
    'unknown response_type; at the token endpoint GET, an empty body, malformed bytes, truncated JSON and ' +
    'an unknown client; at userinfo no token and a made-up one; at registration truncated JSON and a list; ' +
    "at revocation and introspection an empty body; and a path that doesn't exist. Expects no stack " +
    'frames, absolute file paths, SQL or debug pages in any response with status 400 or more, apart from ' +
    'what the request contained. Not tested unless the authorization and the token endpoint both refuse ' +
    'something.',
  hint: "Turn debug mode off, and log an error's details under an id that the response may name.",
  async check({ flow, target, expect, remark }) {
    const judged: string[] = [];
    const refusing = new Set<string>();
    for (const [at, request] of await listProvocations(flow, target)) {
      // An endpoint that cannot be reached is judged by its owner, and the others are still looked at.
      const answer = await nullOn(isUnavailable, () => flow.sendRaw(request));
      if (answer === null || answer.closed || answer.exchange.status < 400) continue;
      const { exchange } = answer;
      judged.push(`${at} ${exchange.status}`);
      if (exchange.status < 500) refusing.add(at);
      const found = findLeakedDetails(exchange.response.body, listSentValues(exchange));
      const message = `An error of the ${at} endpoint discloses ${found?.kind}.`;
      expect.none(found?.excerpt, message, 'an error without internals of the server', exchange);
    }
    const silent = ['authorization', 'token'].filter((name) => !refusing.has(name));
    if (silent.length > 0)
      throw new NotTested(`None of the requests was refused by the ${silent.join(' and the ')} endpoint.`);
    remark(`${judged.length} errors were looked at.`);
  },
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };

type Provocation = readonly [at: string, request: RequestSpec];

/** What provokes errors at the endpoints that clients call; a server need not have all of them. */
const AT_ENDPOINTS: readonly (readonly [EndpointName, Omit<RequestSpec, 'url'>])[] = [
  ['token', { note: 'a GET' }],
  ['token', { method: 'POST', headers: FORM, note: 'an empty body', body: '' }],
  ['token', { method: 'POST', headers: FORM, note: 'bytes', body: 'grant_type=%00%ZZ%C3%28&client_id=%00' }],
  ['token', { method: 'POST', headers: JSON_TYPE, note: 'truncated JSON', body: '{"grant_type":' }],
  [
    'token',
    {
      method: 'POST',
      headers: FORM,
      note: 'an unknown client',
      body: 'grant_type=authorization_code&code=made-up&client_id=no-such-client&client_secret=made-up-value',
    },
  ],
  ['userinfo', { note: 'no token' }],
  ['userinfo', { note: 'a made-up token', headers: { authorization: 'Bearer made-up-by-the-suite' } }],
  ['registration', { method: 'POST', headers: JSON_TYPE, note: 'truncated JSON', body: '{"client_name":' }],
  ['registration', { method: 'POST', headers: JSON_TYPE, note: 'a list', body: '[]' }],
  ['revocation', { method: 'POST', headers: FORM, note: 'an empty body' }],
  ['introspection', { method: 'POST', headers: FORM, note: 'an empty body' }],
];

async function listProvocations(flow: Flow, target: Target): Promise<readonly Provocation[]> {
  const who = await sharedOrUnknownClient(flow);
  const list: Provocation[] = [
    { note: 'an unknown client', url: rawAuthorizationUrl(flow, { ...who, client_id: 'no-such-client' }) },
    { note: 'no parameters', url: flow.endpoint('authorization') },
    { note: 'malformed bytes', url: rawAuthorizationUrl(flow, who, { client_id: 'a%00%ZZ%C3%28' }) },
    { note: 'an unknown type', url: rawAuthorizationUrl(flow, who, { response_type: 'no-such-type' }) },
  ].map((request) => ['authorization', request]);
  for (const [at, request] of AT_ENDPOINTS) {
    const url = await nullOn(isNotApplicable, () => flow.endpoint(at));
    if (url !== null) list.push([at, { url, ...request }]);
  }
  const url = `${target.discoveryUrl}/no-such-path`;
  return [...list, ['discovery', { note: 'a path that does not exist', url }]];
}

function listSentValues({ request }: Exchange): readonly string[] {
  return [request.url, new URL(request.url).pathname, request.body, ...Object.values(request.headers)];
}
