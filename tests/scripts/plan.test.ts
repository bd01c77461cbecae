/** The plan: what is selected, in which order, and what is decided before anything is sent. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../../fixtures/errors.js';
import type { Target } from '../../fixtures/target/settings.js';
import { EVERYTHING, type Selection } from '../../suites/plan/selection.js';
import { type Planned, type PlanOptions, plan } from '../../suites/plan.js';
import { sampleCatalog, sampleDocument, sampleTarget } from './samples.js';

const planned = (
  selection: Partial<Selection> = {},
  target: Target = sampleTarget(),
  means?: PlanOptions,
): readonly Planned[] => plan(sampleCatalog, target, { ...EVERYTHING, ...selection }, means);

const ids = (...given: Parameters<typeof planned>) =>
  planned(...given).map(({ requirement }) => requirement.id);

const ruling = (id: string, target: Target, means?: PlanOptions) =>
  planned({}, target, means).find(({ requirement }) => requirement.id === id)?.ruling ?? null;

const ALL = [
  'discovery-document',
  'discovery-pkce',
  'token-exchange',
  'token-prefixes',
  'token-public',
  'org-token',
  'userinfo-get',
  'userinfo-second',
];

describe('selection', () => {
  it('is everything without filters', () => assert.deepEqual(ids(), ALL));

  it('is the rules of profile oidc for a server of that profile', () => {
    assert.deepEqual(
      ids({}, sampleTarget({ profile: 'oidc' })),
      ALL.filter((id) => id !== 'token-prefixes' && id !== 'org-token'),
    );
  });

  const ROWS: readonly (readonly [Partial<Selection>, readonly string[]])[] = [
    [{ only: ['token-exchange'] }, ['token-exchange']],
    [{ only: ['*-get', 'discovery-*'] }, ['discovery-document', 'discovery-pkce', 'userinfo-get']],
    [{ only: ['token-{exchange,public}'] }, ['token-exchange', 'token-public']],
    [{ skip: ['token-*', 'userinfo-*', 'org-token'] }, ['discovery-document', 'discovery-pkce']],
    [{ chapters: ['token'] }, ['token-exchange', 'token-prefixes', 'token-public']],
    [{ chapters: ['org', 'discovery'] }, ['discovery-document', 'discovery-pkce', 'org-token']],
    [{ levels: ['SHOULD', 'MAY'] }, ['discovery-pkce', 'userinfo-get']],
    [{ clauses: ['RFC 6749#4.1.3'] }, ['token-exchange']],
    [{ clauses: ['rfc6749 # 4.1.3'] }, ['token-exchange']],
    [{ clauses: ['RFC 8414'] }, ['discovery-document']],
    [{ clauses: ['OpenID Connect Core 1.0#3.1.3'] }, ['token-public']],
    [{ clauses: ['Polar docs#Tokens'] }, ['token-prefixes']],
    [{ chapters: ['token'], levels: ['MUST'], skip: ['token-p*'] }, ['token-exchange']],
    [{ failed: ['userinfo-get', 'gone-since'] }, ['userinfo-get']],
  ];
  for (const [selection, expected] of ROWS) {
    it(`follows ${JSON.stringify(selection)}`, () => assert.deepEqual(ids(selection), expected));
  }

  const MISTAKES: readonly (readonly [Partial<Selection>, RegExp])[] = [
    [{ only: ['token-exchang'] }, /no requirement token-exchang\. Did you mean token-exchange\?$/],
    [{ skip: ['userinfo-gett'] }, /Did you mean userinfo-get\?$/],
    [{ only: ['nothing-*'] }, /--only nothing-\* matches no requirement\.$/],
    [{ chapters: ['tokn'] }, /no chapter tokn\. Did you mean token\?$/],
    [
      { clauses: ['RFC 6749#4.1.9'] },
      /no requirement cites RFC 6749#4\.1\.9\. Did you mean RFC 6749#4\.1\.[23]\?$/,
    ],
    [{ chapters: ['token'], levels: ['MAY'] }, /^No requirement is left by --chapter token --level MAY\.$/],
    [{ failed: [] }, /nothing that failed/],
  ];
  for (const [selection, message] of MISTAKES) {
    it(`refuses ${JSON.stringify(selection)} in one sentence`, () => {
      assert.throws(
        () => planned(selection),
        (error) =>
          error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
      );
    });
  }

  it('says which profile a requirement belongs to', () => {
    assert.throws(() => planned({ only: ['org-token'] }, sampleTarget({ profile: 'oidc' })), {
      name: 'UsageError',
      message: '--only org-token belongs to the profile polar: add --profile polar.',
    });
  });
});

describe('order', () => {
  it('differs by seed, with the same requirements', () => {
    const first = ids({ order: '1' });
    assert.deepEqual([...first].sort(), [...ALL].sort());
    assert.deepEqual(ids({ order: '1' }), first);
    const seeds = ['1', '2', '3', '4'].map((order) => ids({ order }).join());
    assert.equal(new Set(seeds).size, 4);
  });

  it("doesn't depend on what else is selected", () => {
    const narrow = ids({ order: '7', chapters: ['token'] });
    assert.deepEqual(
      ids({ order: '7' }).filter((id) => narrow.includes(id)),
      narrow,
    );
  });
});

describe('shards', () => {
  const parts = (of: number, selection: Partial<Selection> = {}) =>
    Array.from({ length: of }, (_, place) => ids({ ...selection, shard: { index: place + 1, of } }));

  it('contain every requirement once', () => {
    const [first = [], second = [], third = []] = parts(3);
    assert.deepEqual(first, ['discovery-document', 'token-prefixes', 'userinfo-get']);
    assert.deepEqual(second, ['discovery-pkce', 'token-public', 'userinfo-second']);
    assert.deepEqual(third, ['token-exchange', 'org-token']);
  });

  it('contain the same in every order, and split the selection', () => {
    const sorted = (lists: readonly (readonly string[])[]) => lists.map((list) => [...list].sort());
    assert.deepEqual(sorted(parts(3, { order: '5' })), sorted(parts(3)));
    assert.deepEqual(parts(2, { chapters: ['token'] }), [
      ['token-exchange', 'token-public'],
      ['token-prefixes'],
    ]);
  });

  it('are refused if they would be empty', () => {
    assert.throws(() => ids({ only: ['token-exchange'], shard: { index: 2, of: 2 } }), {
      name: 'UsageError',
      message: '--shard 2/2 is empty: the selection has only 1.',
    });
  });
});

describe('rulings', () => {
  it('has none if everything is claimed and available', () => {
    assert.deepEqual(
      planned().filter(({ ruling: decided }) => decided !== null),
      [],
    );
  });

  it("marks as not applicable what profile oidc doesn't claim", () => {
    const { userinfo_endpoint: _, ...document } = sampleDocument;
    const decided = ruling('userinfo-get', sampleTarget({ profile: 'oidc' }, document));
    assert.equal(decided?.status, 'not-applicable');
    assert.match(decided?.reason ?? '', /no userinfo_endpoint/);
  });

  it("doesn't test what profile polar requires and nobody explains", () => {
    const target = sampleTarget({ users: { first: { username: 'a', password: 'b' } } });
    const decided = ruling('org-token', target);
    assert.equal(decided?.status, 'not-tested');
    assert.match(decided?.reason ?? '', /unsupported\.organization/);
  });

  it("uses the reason for what's declared unsupported", () => {
    const target = sampleTarget({
      users: { first: { username: 'a', password: 'b' } },
      unsupported: { organization: 'one tenant only' },
    });
    assert.deepEqual(ruling('org-token', target), {
      status: 'not-applicable',
      capability: 'organization',
      reason: 'Declared unsupported: one tenant only',
    });
  });

  it('names what to add to the target file', () => {
    assert.match(ruling('token-exchange', sampleTarget({ users: {} }))?.reason ?? '', /add users\.first/);
    const { registration_endpoint: _, ...closed } = sampleDocument;
    assert.match(ruling('token-exchange', sampleTarget({}, closed))?.reason ?? '', /add clients\.first/);
  });

  it('takes a stored session for a user', () => {
    assert.equal(
      ruling('token-exchange', sampleTarget({ users: { first: { storageState: 's.json' } } })),
      null,
    );
  });

  it("doesn't test what needs a user when there's no browser", () => {
    const decided = ruling('token-exchange', sampleTarget(), { noBrowser: 'No browser today.' });
    assert.deepEqual(decided, { status: 'not-tested', capability: 'user', reason: 'No browser today.' });
    assert.equal(ruling('userinfo-get', sampleTarget(), { noBrowser: 'No browser today.' }), null);
  });

  it('prefers not applicable to not tested', () => {
    const { userinfo_endpoint: _, ...document } = sampleDocument;
    const target = sampleTarget({ profile: 'oidc', users: {} }, document);
    assert.equal(ruling('userinfo-second', target)?.status, 'not-applicable');
  });
});
