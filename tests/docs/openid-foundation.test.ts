/** The map to the OpenID Foundation's plans names every module once, and only requirements that exist. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureCoverage } from '../../scripts/dev/docs/openid-foundation/module.js';
import { CONFORMANCE_PLANS } from '../../scripts/dev/docs/openid-foundation/page.js';
import { findEntry } from '../../suites/catalog.js';

describe("the map to the OpenID Foundation's plans", () => {
  it('has as many modules as the published plans', () => {
    assert.deepEqual(
      CONFORMANCE_PLANS.map(({ title, modules }) => [title, modules.length]),
      [
        ['Basic OP', 38],
        ['Config OP', 1],
        ['Dynamic OP', 23],
      ],
    );
  });

  for (const { title, modules } of CONFORMANCE_PLANS) {
    it(`names each module of ${title} once`, () => {
      const names = modules.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(
        names.filter((name) => !/^oidcc-[a-zA-Z0-9-]+$/.test(name)),
        [],
      );
    });

    it(`names only requirements that exist for ${title}, each once in a module`, () => {
      assert.deepEqual(
        modules.flatMap(({ name, ids }) =>
          ids
            .filter((id, index) => findEntry(id) === undefined || ids.indexOf(id) !== index)
            .map((id) => `${name}: ${id}`),
        ),
        [],
      );
    });

    it(`gives a reason, as a sentence, where nothing of ours judges a module of ${title}`, () => {
      assert.deepEqual(
        modules
          .filter((module) => measureCoverage(module) === 'none' || module.gap !== undefined)
          .filter(({ gap }) => !/\S.*\.$/s.test(gap ?? ''))
          .map(({ name }) => name),
        [],
      );
    });
  }
});
