/** The catalog is complete by construction: what these lines break on purpose does not build. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OWNERS } from '../../fixtures/owners.js';
import { Blocked } from '../../fixtures/verdict.js';
import { findEntry } from '../../suites/catalog.js';
import { rfc } from '../../suites/clauses.js';
import * as active from '../../suites/introspect/active-tokens.js';
import { chapter, type Requirement, requirement } from '../../suites/requirement.js';
import { REQUIREMENT_IDS } from '../../suites/requirement-ids.js';

const ANY: Omit<Requirement, 'id'> = {
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(7662, '2.2')],
  needs: [],
  statement: '',
  how: '',
  hint: '',
  check: async () => undefined,
};

describe('the catalog', () => {
  it('gives each step an owner that is one of its requirements', () => {
    for (const owner of Object.values(OWNERS)) assert.ok(findEntry(owner) !== undefined, owner);
    assert.equal(new Blocked('code', 'No code came.').owner, 'authz-code-response');
  });

  it('builds no requirement that is not listed', () => {
    // @ts-expect-error no chapter lists this id
    assert.equal(requirement({ ...ANY, id: 'introspect-unheard-of' }).id, 'introspect-unheard-of');
    // @ts-expect-error nobody owns this step
    assert.equal(new Blocked('unheard-of', '').owner, undefined);
  });

  it('builds no chapter that lacks one of its requirements or takes one of another chapter', () => {
    const about = { title: 'Introspection', story: '' };
    const { introspect } = REQUIREMENT_IDS;
    // @ts-expect-error introspect-auth and introspect-revoked are missing
    const { requirements } = chapter({ ...about, id: 'introspect', modules: [active] });
    assert.deepEqual(
      requirements.map(({ id }) => id),
      introspect.filter((id) => requirements.some((requirement) => requirement.id === id)),
    );
    assert.ok(requirements.length < introspect.length);
    // @ts-expect-error they belong to another chapter
    chapter({ ...about, id: 'userinfo', modules: [active] });
  });
});
