/** What `init`, `doctor` and `run` suggest to add to a target file. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { discover } from '../../fixtures/target/load.js';
import { findGains } from '../../scripts/doctor/missing-settings.js';

describe('suggested settings', () => {
  for (const page of [true, false]) {
    it(`${page ? 'are a second user' : 'are no second user'} where login.page is ${page}`, async () => {
      const listening = await createSandbox().listen();
      try {
        const target = await discover({ issuer: listening.issuer, profile: 'oidc', login: { page } });
        const keys = findGains(target, { noBrowser: null }).map(({ setting }) => setting.key);
        assert.equal(keys.includes('users.second'), page, keys.join(', '));
      } finally {
        await listening.close();
      }
    });
  }
});
