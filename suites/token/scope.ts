/** Whether the scope member of a token response tells the truth. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { hasTokens } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { codeIfGranted } from '../steps/codes.js';
import {
  furtherScope,
  introspectedScopes,
  parseScopes,
  unknownScope,
  userinfoClaimsForScope,
} from '../steps/granted-scopes.js';

/** RFC 6749 section 3.3: values of visible characters without " and \, one space between them. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*$/;

/** One token response and what was asked for. */
interface Grant {
  /** How the request is named in a sentence: `a request for openid`. */
  readonly request: string;
  readonly requested: ReadonlySet<string>;
  /** A made-up value among those requested. */
  readonly unknown: string | null;
  /** The scope member; null when there is none. */
  readonly told: string | null;
  /** What introspection shows; null where it says nothing. */
  readonly shown: ReadonlySet<string> | null;
  readonly exchange: Exchange;
}

export const scopeAccurate = requirement({
  id: 'token-scope-accurate',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1'), rfc(6749, '3.3')],
  needs: ['client', 'user'],
  statement: "The response's scope says what was granted if that differs from the request.",
  how:
    'Exchanges codes for openid and one more scope, for the same with an unknown value, and for a request ' +
    "with no scope (doesn't judge the last two if the server refuses them). If scope is there, expects one " +
    'string in scope syntax, and neither introspection nor userinfo shows a scope that it leaves out. If ' +
    "it isn't, expects the granted scope to be the requested one. Order doesn't matter, and a server may " +
    'grant more than requested if it says so.',
  hint: 'Compare the granted scope with the requested one, and send scope if they differ.',
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    const further = await furtherScope(flow, client);
    const wide = further === null ? flow.minimalScope : `${flow.minimalScope} ${further}`;
    // Without a further scope in the grant: what userinfo then shows says nothing about that scope.
    const ordinary =
      further === null
        ? null
        : await userinfoClaimsForScope(
            flow,
            further,
            (await flow.tokens({ scope: flow.minimalScope })).access_token,
          );
    const unknown = unknownScope();
    const requests = [
      { scope: wide, request: `a request for ${wide}`, unknown: null },
      { scope: `${wide} ${unknown}`, request: 'a request with an unknown scope value', unknown },
      { scope: null, request: 'a request without scope', unknown: null },
    ];
    for (const { scope, request, unknown } of requests) {
      const exchange = await exchangeFor(flow, client, scope);
      if (exchange === null) {
        remark(`The server refuses ${request}.`);
        continue;
      }
      const token = exchange.string('access_token') ?? '';
      const grant = {
        request,
        requested: parseScopes(scope ?? ''),
        unknown,
        told: readStatedScope(expect, exchange, request),
        shown: await introspectedScopes(flow, client, token),
        exchange,
      };
      judgeByIntrospection(expect, grant);
      if (further !== null && ordinary !== null) {
        judgeByUserinfo(expect, grant, further, ordinary, await userinfoClaimsForScope(flow, further, token));
      }
      remark(`After ${request}: ${grant.told === null ? 'no scope member' : `scope "${grant.told}"`}.`);
    }
  },
});

/** The scope member, when its form is right (RFC 6749 section 3.3). */
function readStatedScope(expect: Expect, exchange: Exchange, request: string): string | null {
  const { scope } = exchange.object();
  if (scope === undefined) return null;
  expect.that(
    typeof scope === 'string' && SCOPE.test(scope),
    `The scope in the response to ${request} is not in scope syntax.`,
    { expected: 'scope values with one space between them', received: JSON.stringify(scope), exchange },
  );
  return typeof scope === 'string' ? scope : null;
}

function judgeByIntrospection(
  expect: Expect,
  { request, requested, unknown, told, shown, exchange }: Grant,
): void {
  if (shown === null) return;
  const said = told === null ? requested : parseScopes(told);
  const untold = [...shown].filter((value) => !said.has(value));
  expect.that(
    untold.length === 0,
    told === null
      ? `The response to ${request} has no scope, though more was granted than requested.`
      : `The scope in the response to ${request} lacks a scope that was granted.`,
    {
      expected: `a scope with ${untold.join(' ')}`,
      received: told === null ? 'no scope member' : `"${told}"`,
      exchange,
    },
  );
  const others = [...requested].filter((value) => value !== unknown);
  const dropped = unknown !== null && !shown.has(unknown) && others.every((value) => shown.has(value));
  expect.that(
    told !== null || !dropped,
    `The response to ${request} has no scope, though the unknown value was not granted.`,
    { expected: `a scope without the unknown value`, received: 'no scope member', exchange },
  );
}

/** Claims at userinfo that appear with this grant alone show that the scope behind them was granted. */
function judgeByUserinfo(
  expect: Expect,
  { request, requested, told, exchange }: Grant,
  scope: string,
  ordinary: readonly string[],
  claims: readonly string[] | null,
): void {
  const said = told === null ? requested : parseScopes(told);
  // Another scope than openid may be the reason for a claim just as well.
  if (said.has(scope) || [...said].some((value) => value !== 'openid' && value !== 'offline_access')) return;
  const surplus = (claims ?? []).filter((claim) => !ordinary.includes(claim));
  expect.that(
    surplus.length === 0,
    told === null
      ? `The response to ${request} has no scope, though ${scope} was granted.`
      : `The scope in the response to ${request} lacks ${scope}, which was granted.`,
    {
      expected: `a scope with ${scope}`,
      received: told === null ? 'no scope member' : `"${told}"`,
      exchange,
    },
  );
}

async function exchangeFor(flow: Flow, client: Client, scope: string | null): Promise<Exchange | null> {
  const code = await codeIfGranted(flow, {
    client,
    scope,
    note: `scope ${scope ?? 'left out'}`,
    // Without openid the request is none of OpenID Connect, which nonce belongs to.
    ...(scope === null ? { nonce: null } : {}),
  });
  if (code === null) return null;
  const exchange = await flow.exchangeCode(code);
  return hasTokens(exchange) ? exchange : null;
}
