/** Every check passes on the healthy sandbox and fails on its defect. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '@playwright/test';
import { type Proof, prove } from '../../scripts/proof/proof.js';
import { Sandboxes } from '../../scripts/proof/sandboxes.js';
import { listEntries } from '../../suites/catalog.js';
import { launchTestBrowser } from '../launch-test-browser.js';

const describeResult = (result: Proof['healthy']) =>
  `${result.status}: ${result.message ?? result.reason ?? ''}`;

describe('proof', () => {
  let browser: Browser;
  let sandboxes: Sandboxes;
  let proofs: ReadonlyMap<string, Proof>;

  before(async () => {
    browser = await launchTestBrowser();
    sandboxes = await Sandboxes.prepare(browser, '');
    const list = await prove(sandboxes, listEntries(), () => undefined);
    proofs = new Map(list.map((proof) => [proof.id, proof]));
  });
  after(() => browser.close());

  for (const { requirement } of listEntries()) {
    it(`${requirement.id} passes on the healthy sandbox and fails on its defect`, () => {
      const proof = proofs.get(requirement.id);
      assert.ok(proof !== undefined);
      assert.equal(proof.healthy.status, 'pass', describeResult(proof.healthy));
      const expected = requirement.level === 'MUST' ? 'fail' : 'warn';
      assert.ok(proof.defective.length > 0, 'no defect');
      for (const { defect, result, gaps } of proof.defective) {
        assert.equal(result.status, expected, `${defect}: ${describeResult(result)}`);
        assert.match(result.message ?? '', /\S.*\.$/s);
        assert.deepEqual(
          gaps,
          [],
          `${defect}: the printed exchange doesn't show what came: ${result.received}`,
        );
      }
    });
  }
});
