/** The endpoint that gives claims about the subject of an access token. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { exchangedGrants, type Grant, refreshedGrants } from '../steps/grants.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { claimsScope } from '../steps/standard-claims.js';
import { demandClaims, freshUserinfo } from '../steps/userinfo.js';

/** Claims whose presence in a refusal would mean that somebody's data leaked; `name` may name an error there. */
const CLAIMS = ['sub', 'email', 'preferred_username', 'given_name', 'family_name'] as const;
/** OpenID Connect Dynamic Client Registration 1.0 section 2. */
const JWT_METADATA = ['userinfo_signed_response_alg', 'userinfo_encrypted_response_alg'] as const;

export const get = requirement({
  id: 'userinfo-get',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.3'), oidcCore('5.3.1'), oidcCore('5.3.2')],
  needs: ['userinfo', 'user'],
  statement: 'Userinfo answers GET and a bearer token with a JSON object.',
  how:
    'Sends GET with an access token for openid. Expects 200, application/json and an object that fits the ' +
    'JSON Schema userinfo.json. application/jwt is fine if the client registered a signed or encrypted ' +
    'response.',
  hint: 'Serve the claims with Content-Type: application/json, each standard claim with its type.',
  async check({ flow, expect, remark }) {
    const tokens = await flow.tokens();
    const exchange = await freshUserinfo(flow, tokens.access_token, 'userinfo');
    if (exchange.status === 200 && exchange.mediaType === 'application/jwt') {
      const registered = tokens.client.registration?.object();
      if (registered === undefined)
        throw new NotTested(
          'The response is a JWT, and it is not known whether the client is configured for one.',
        );
      if (JWT_METADATA.some((member) => typeof registered[member] === 'string')) {
        remark('The response is a JWT, as the client is registered for it.');
        expect.matchesSchema('userinfo', demandClaims(exchange), 'the userinfo response', exchange);
        return;
      }
    }
    const claims = expect.jsonObject(exchange, 'the userinfo response');
    expect.matchesSchema('userinfo', claims, 'the userinfo response', exchange);
  },
});

export const sub = requirement({
  id: 'userinfo-sub',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.3.2')],
  needs: ['userinfo', 'user'],
  statement: "The sub is there and equals the ID Token's.",
  how:
    "Expects the sub of the userinfo response to be a string, the same as in the grant's ID Token: for " +
    'openid alone, for all scopes that ask for claims, after a refresh, for a public client and, if ' +
    "there's a second user, for both users in turn. " +
    "Two users' requests at the same time each get their own sub.",
  hint: 'Take sub from the same account identifier in both places.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const wide = async () => exchangedGrants(flow, { scope: claimsScope(flow, client) });
    // A refresh may end the access token before it, so that one is a grant of its own.
    const refreshed = (await refreshedGrants(flow)).filter(({ tokens, begun }) => tokens !== begun);
    // A server may refuse the wider scope.
    const grants = [
      ...(await exchangedGrants(flow)),
      ...((await nullOn(isUnavailable, wide)) ?? []),
      ...refreshed,
    ];
    // An answer that was kept for one user must not be given to another.
    const others = flow.hasUser('second') ? await ofSecondUser(flow) : [];
    for (const { whose, tokens, begun } of [...grants, ...others, ...grants.slice(0, 1)]) {
      const what = `a token${whose} for ${tokens.scope}`;
      const exchange = await freshUserinfo(flow, tokens.access_token, `userinfo of ${what}`);
      if (begun.id_token === null && whose !== '') continue;
      const received = expect.string(demandClaims(exchange).sub, 'sub', `userinfo of ${what}`, exchange);
      const message = `Userinfo's sub is not the ID Token's, with ${what}.`;
      expect.same(received, flow.decodeIdToken(begun).claims.sub, message, exchange);
    }
    await judgeAtOnce({ flow, expect }, [...grants.slice(0, 1), ...others]);
  },
});

const ROUNDS_AT_ONCE = 3;

/** The requests of two users at the same time: a server may keep what one of them is about where all can see it. */
async function judgeAtOnce(
  { flow, expect }: { readonly flow: Flow; readonly expect: Expect },
  grants: readonly Grant[],
): Promise<void> {
  if (grants.length < 2) return;
  for (let round = 1; round <= ROUNDS_AT_ONCE; round += 1) {
    const note = `round ${round} of two users at the same time`;
    const answers = await Promise.all(
      grants.map(async ({ tokens }) => ({
        tokens,
        exchange: await flow.userinfo(tokens.access_token, note),
      })),
    );
    for (const { tokens, exchange } of answers) {
      if (exchange.status !== 200) continue;
      const message =
        "Of two users' requests at the same time, one is answered with the claims of the other.";
      expect.same(demandClaims(exchange).sub, flow.decodeIdToken(tokens).claims.sub, message, exchange);
    }
  }
}

async function ofSecondUser(flow: Flow): Promise<readonly Grant[]> {
  const tokens = await nullOn(isUnavailable, () => flow.tokens({ as: 'second' }));
  return tokens === null ? [] : [{ whose: ' of another user', tokens, begun: tokens }];
}

export const invalidToken = requirement({
  id: 'userinfo-invalid-token',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.3.3'), rfc(6750, '3')],
  needs: ['userinfo', 'user'],
  statement: 'Userinfo refuses requests with no token and with an invalid one.',
  how:
    'The valid token gets 200. Then sends no Authorization header, by GET and by POST, a random token, and ' +
    'the real one with a character changed in its middle. Expects 4xx with a Bearer challenge, and no ' +
    'claims. api-invalid-token-error and api-challenge-bare judge the status and the error code, which are ' +
    'only recommended. ' +
    'The same for a request with the cookies of a signed-in user and no token.',
  hint: "Look up the token, and refuse it with WWW-Authenticate: Bearer if it isn't there.",
  async check({ flow, expect, alter, remark }) {
    const { access_token } = await flow.tokens();
    demandClaims(await freshUserinfo(flow, access_token));
    const none = await flow.userinfo(null, 'without a token');
    judgeRefusal(expect, none, 'a request without a token');
    if (none.status !== 401)
      remark(`A request without a token was refused with ${none.status}, not with 401.`);
    const posted = { method: 'POST', url: flow.endpoint('userinfo'), note: 'POST without a token' };
    const post = await flow.send(posted);
    // A server without POST says so, and userinfo-post judges that.
    if (post.status !== 405) judgeRefusal(expect, post, 'a POST without a token');
    const url = flow.endpoint('userinfo');
    const what = 'a request with the cookies of a user and no token';
    const headers = { accept: 'application/json' };
    const byCookie = await nullOn(isUnavailable, () =>
      flow.sendRaw({ url, headers, as: 'first', note: what }),
    );
    if (byCookie !== null && !byCookie.closed) judgeRefusal(expect, byCookie.exchange, what);
    for (const [what, how] of [
      ['a random token', 'random'],
      ['an altered token', 'middle'],
    ] as const)
      judgeRefusal(expect, await flow.userinfo(alter(access_token, how), what), what);
    demandClaims(await flow.userinfo(access_token, 'the control request again'));
  },
});

/** A refusal that tells nothing and has a challenge (RFC 6750 section 3). */
function judgeRefusal(expect: Expect, exchange: Exchange, what: string): void {
  const subject = capitalize(what);
  const found = CLAIMS.filter((claim) => claim in exchange.object());
  expect.none(found, `${subject} was answered with claims.`, 'a refusal without claims', exchange);
  expect.clientError(exchange, `${subject} was not refused.`);
  expect.bearerChallenge(exchange, `${subject} was refused without a Bearer challenge.`);
}

export const post = requirement({
  id: 'userinfo-post',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.3')],
  needs: ['userinfo', 'user'],
  statement: 'Userinfo answers POST with a bearer token in the header.',
  how:
    'GET gets claims. Then sends POST with Content-Length: 0, no Content-Type and the same Authorization ' +
    'header. Expects 200 and the same sub. If that gets 411 or 415, an empty form decides.',
  hint: 'Serve userinfo by POST as by GET. The token is in the header, so the body may be empty.',
  async check({ flow, expect, remark }) {
    const { access_token } = await flow.tokens();
    const { sub: expected } = demandClaims(await freshUserinfo(flow, access_token));
    const request = {
      method: 'POST',
      url: flow.endpoint('userinfo'),
      headers: { authorization: `Bearer ${access_token}` },
      note: 'userinfo by POST',
    };
    let exchange = await flow.send(request);
    if (exchange.status === 411 || exchange.status === 415) {
      remark(`A POST without Content-Type was answered with ${exchange.status}.`);
      const headers = { ...request.headers, 'content-type': 'application/x-www-form-urlencoded' };
      exchange = await flow.send({ ...request, headers, note: 'userinfo by POST of an empty form' });
    }
    expect.status(exchange, 200, 'userinfo by POST');
    const { sub: received } = demandClaims(exchange, 'userinfoPost');
    expect.same(received, expected, 'Userinfo returns a different sub by POST than by GET.', exchange);
  },
});
