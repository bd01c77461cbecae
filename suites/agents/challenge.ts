/** What the API's challenge tells a client: where its metadata is, and which scope is missing. */

import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, quote } from '../../fixtures/expect/describe.js';
import { isObject } from '../../fixtures/parse-json.js';
import { Failed, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { acceptedToken } from '../steps/bearer-requests.js';
import { parseChallenges } from '../steps/challenges.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { makeUnknownToken } from '../steps/made-up-tokens.js';
import { askWithoutToken, challengeParameters, fetchResourceDocument } from './protected-resource.js';

export const challengeMetadata = requirement({
  id: 'agents-challenge-metadata',
  level: 'MAY',
  profile: 'agents',
  clauses: [rfc(9728, '5'), rfc(9728, '5.1')],
  needs: ['protected-endpoint'],
  statement: "A refusal for a missing token says where the API's metadata is.",
  how:
    'A request with no token gets 401. Expects resource_metadata in the WWW-Authenticate challenge. ' +
    'The same for a made-up token.',
  hint: 'Add resource_metadata="https://…/.well-known/oauth-protected-resource…" to the Bearer challenge.',
  async check({ flow, expect }) {
    const { exchange, challenges } = await askWithoutToken(flow);
    const named = challengeParameters(challenges, 'resource_metadata');
    const judge = (holds: boolean, message: string, about: Exchange) =>
      expect.that(holds, message, {
        expected: 'status 401, WWW-Authenticate with resource_metadata',
        received: `status ${about.status}, ${about.header('www-authenticate') ?? 'no WWW-Authenticate'}`,
        exchange: about,
      });
    const isNamed = exchange.status === 401 && named.length > 0;
    judge(isNamed, 'The challenge does not say where the metadata of the API is.', exchange);
    const bad = await flow.callApi('protected', makeUnknownToken(), { note: 'a made-up token' });
    if (bad.status !== 401) return;
    const read = parseChallenges(bad.header('www-authenticate') ?? '');
    const hasUrl = !('fault' in read) && challengeParameters(read, 'resource_metadata').length > 0;
    judge(hasUrl, 'The challenge for a bad token does not say where the metadata of the API is.', bad);
  },
});

export const challengeMetadataUrl = requirement({
  id: 'agents-challenge-metadata-url',
  level: 'MUST',
  profile: 'agents',
  clauses: [rfc(9728, '3.3'), rfc(9728, '5.1'), rfc(9728, '3.2')],
  needs: ['protected-endpoint'],
  statement: 'The metadata that a challenge names exists and is for the requested URL.',
  how:
    'Sends a request with no token. If its challenge has resource_metadata, expects an absolute URL that ' +
    "answers 200 and a JSON object whose resource is identical to the request's URL. Not applicable if the " +
    'challenge has none. A draft that would have let resource be a path above it has expired.',
  hint: 'Publish a document for each URL that the API is used by, and name that one in its challenge.',
  async check({ flow, expect }) {
    const { exchange: refused, url, challenges } = await askWithoutToken(flow);
    const [named] = challengeParameters(challenges, 'resource_metadata');
    if (named === undefined) throw new NotApplicable('The challenge names no resource_metadata.');
    expect.that(
      /^https?:\/\//i.test(named) && URL.canParse(named),
      'resource_metadata is not an absolute URL.',
      {
        expected: 'an absolute URL',
        received: named,
        exchange: refused,
      },
    );
    const exchange = await fetchNamed(flow, named);
    const document = exchange.json();
    expect.that(
      exchange.status === 200 && isObject(document),
      'There is no metadata where the challenge says.',
      {
        expected: `status 200 and a JSON object at ${named}`,
        received: describeExchange(exchange),
        exchange,
      },
    );
    const resource = isObject(document) ? document.resource : undefined;
    expect.same(resource, url, 'The metadata that the challenge names is for another URL.', exchange);
  },
});

/** A URL that the server names and where nobody answers is the server's fault. */
async function fetchNamed(flow: CheckContext['flow'], url: string) {
  try {
    return await fetchResourceDocument(flow, url, 'the metadata that the challenge names');
  } catch (error) {
    const received = error instanceof Error ? error.message : String(error);
    throw new Failed('The metadata that the challenge names cannot be reached.', {
      expected: `an answer at ${url}`,
      received,
    });
  }
}

export const challengeScope = requirement({
  id: 'agents-challenge-scope',
  level: 'MAY',
  profile: 'agents',
  clauses: [rfc(6750, '3.1'), rfc(6750, '3')],
  needs: ['user', 'api-user-endpoint'],
  statement: 'A refusal for a missing scope names the scope, and a token with it works.',
  how:
    "A valid token without the endpoint's scope gets 403. Expects scope once in the challenge, as a list " +
    'of scopes, and 200 for a new token with these scopes. api-insufficient-scope judges the 403.',
  hint: 'Add scope="…" with what the endpoint needs to the challenge with insufficient_scope.',
  async check({ flow, target, expect }) {
    const needed = target.settings.apiEndpoints?.user?.scope;
    if (needed === undefined)
      throw new NotTested(
        'Which scope the endpoint needs is not known: add apiEndpoints.user.scope to the target file.',
      );
    await acceptedToken(flow, 'user');
    const narrow = await flow.tokens({ scope: flow.minimalScope, note: 'a token without the scope' });
    const refused = await flow.callApi('user', narrow.access_token, { note: 'a token without the scope' });
    if (refused.status !== 403)
      throw new NotTested(`A token without the scope is answered with ${describeExchange(refused)}.`);
    const field = refused.header('www-authenticate') ?? '';
    const challenges = parseChallenges(field);
    const [scope, ...more] = 'fault' in challenges ? [] : challengeParameters(challenges, 'scope');
    expect.that(
      scope !== undefined &&
        more.length === 0 &&
        /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(scope),
      'The refusal does not name the scope that is needed.',
      {
        expected: 'a challenge with scope',
        received: field === '' ? 'no WWW-Authenticate' : field,
        exchange: refused,
      },
    );
    const asked = [...new Set([...flow.minimalScope.split(' '), ...(scope ?? '').split(' ')])]
      .join(' ')
      .trim();
    const wider = await flow.tokens({ scope: asked, note: 'the scope that the challenge names' });
    const note = 'with the scope that the challenge names';
    const answer = await useFresh(() => flow.callApi('user', wider.access_token, { note }));
    expect.that(answer.status === 200, 'A token with the scope that the challenge names is refused.', {
      expected: 'status 200',
      received: `${describeExchange(answer)}, scope ${quote(scope)}`,
      exchange: answer,
    });
  },
});
