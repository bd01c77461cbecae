/** Small made-up data for the tests of the pure parts: a catalog, a target, results. */
import { readProfiles } from '../../fixtures/target/profiles.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { buildReport, type Report, type ReportInput } from '../../scripts/report/report.js';
import type { Catalog } from '../../suites/catalog.js';
import { oidcCore, polarDocs, rfc } from '../../suites/clauses.js';
import type { Chapter, Requirement } from '../../suites/requirement.js';
import type { Result } from '../../suites/result.js';

export function sampleRequirement(id: string, changes: Partial<Requirement> = {}): Requirement {
  return {
    id,
    level: 'MUST',
    profile: 'oidc',
    clauses: [rfc(6749, '4.1.2')],
    needs: [],
    statement: `The rule ${id} holds.`,
    how: 'Send it and look.',
    hint: 'Look at the token endpoint.',
    check: async () => undefined,
    ...changes,
  };
}

function sampleChapter(id: string, requirements: readonly Requirement[]): Chapter {
  return { id, title: `Chapter ${id}`, scenario: 'Once.', requirements };
}

export const sampleCatalog: Catalog = [
  sampleChapter('discovery', [
    sampleRequirement('discovery-document', { clauses: [rfc(8414, '3')] }),
    sampleRequirement('discovery-pkce', { level: 'SHOULD' }),
  ]),
  sampleChapter('token', [
    sampleRequirement('token-exchange', { needs: ['client', 'user'], clauses: [rfc(6749, '4.1.3')] }),
    sampleRequirement('token-prefixes', { profile: 'polar', clauses: [polarDocs('Tokens')] }),
    sampleRequirement('token-public', { needs: ['public-client'], clauses: [oidcCore('3.1.3.2')] }),
  ]),
  sampleChapter('org', [sampleRequirement('org-token', { profile: 'polar', needs: ['organization'] })]),
  sampleChapter('userinfo', [
    sampleRequirement('userinfo-get', { needs: ['userinfo'], level: 'MAY' }),
    sampleRequirement('userinfo-second', { needs: ['userinfo', 'second-user'] }),
  ]),
];

export const sampleDocument = {
  issuer: 'https://auth.example',
  authorization_endpoint: 'https://auth.example/authorize',
  token_endpoint: 'https://auth.example/token',
  registration_endpoint: 'https://auth.example/register',
  userinfo_endpoint: 'https://auth.example/userinfo',
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
};

export function sampleTarget(
  settings: Partial<TargetSettings> = {},
  document: Target['document'] = sampleDocument,
): Target {
  const user = { username: 'alice', password: 'a long password' };
  const all: TargetSettings = {
    issuer: 'https://auth.example',
    profile: 'polar',
    users: { first: { ...user, organizations: [acme, globex] }, second: user },
    ...settings,
  };
  const { base, agents } = readProfiles(all.profile);
  return {
    settings: all,
    name: all.name ?? 'auth.example',
    issuer: all.issuer,
    profile: base ?? 'oidc',
    agents,
    discoveryUrl: `${all.issuer}/.well-known/openid-configuration`,
    published: document,
    document,
  };
}

const acme = { id: 'org_acme', name: 'Acme' };
const globex = { id: 'org_globex', name: 'Globex' };

const EMPTY_RESULT = {
  message: null,
  reason: null,
  blockedBy: null,
  baselineStatus: null,
  hint: null,
  expected: null,
  received: null,
};

/** A result of this status, complete as the schema wants it. */
export function sampleResult(id: string, status: Result['status'], changes: Partial<Result> = {}): Result {
  const failing = {
    message: 'The server redeemed the same code twice.',
    expected: 'status 400 and error invalid_grant',
    received: 'status 200 with access_token',
    hint: 'Look at where a code is marked as used.',
  };
  const printed: Readonly<Record<Result['status'], Partial<Result>>> = {
    pass: {},
    fail: failing,
    warn: failing,
    known: { baselineStatus: 'fail' },
    blocked: { blockedBy: 'discovery-document', reason: 'There is no configuration document.' },
    'not-tested': { reason: 'Nobody can sign in: add users.first.' },
    'not-applicable': { reason: 'The server does not claim it.' },
    error: { reason: 'The login page was not understood.' },
  };
  return {
    id,
    chapter: id.split('-')[0] ?? id,
    level: 'MUST',
    status,
    statement: `The rule ${id} holds.`,
    clauses: [rfc(6749, '4.1.2')],
    remarks: [],
    durationMs: 12,
    evidence: [sampleExchange],
    ...EMPTY_RESULT,
    ...printed[status],
    ...changes,
  };
}

export const sampleExchange = {
  n: 1,
  note: 'the same code again',
  request: {
    method: 'POST',
    url: 'https://auth.example/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'auth.example' },
    body: 'grant_type=authorization_code&code=‹code a3f9›&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback',
  },
  response: {
    status: 200,
    headers: { 'content-type': 'application/json', date: 'now' },
    body: '{"access_token":"‹access_token 17cc›","token_type":"Bearer"}',
  },
  durationMs: 3,
};

export function sampleReport(results: readonly Result[], changes: Partial<ReportInput> = {}): Report {
  return buildReport({
    tool: {
      name: 'polar-conformance',
      version: '0.1.0',
      catalogVersion: '0.1.0',
      catalogHash: '0123456789ab',
    },
    target: { name: 'staging', issuer: 'https://auth.example', profile: 'polar' },
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 12_345,
    run: { inProfile: results.length, filters: [], shard: null, defects: [], browser: 'Chromium' },
    notClaimed: [],
    results,
    repeatCommand: (id) => `npx polar-conformance repeat ${id} staging.json`,
    policy: { strict: false, allowIncomplete: false, interrupted: null },
    ...changes,
  });
}
