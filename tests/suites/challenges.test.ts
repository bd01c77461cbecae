/** WWW-Authenticate, read by its grammar: what is right, and the first fault of what is not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findChallengeFault, parseChallenges } from '../../suites/steps/challenges.js';

describe('challenges', () => {
  it('reads several challenges of one field, with commas and quotes in values', () => {
    assert.deepEqual(parseChallenges('Basic realm="a, \\"b\\"", , Bearer error=invalid_token, scope="x y"'), [
      { scheme: 'basic', params: [['realm', 'a, "b"']] },
      {
        scheme: 'bearer',
        params: [
          ['error', 'invalid_token'],
          ['scope', 'x y'],
        ],
      },
    ]);
    assert.deepEqual(parseChallenges('Negotiate YWJj=='), [{ scheme: 'negotiate', params: [] }]);
  });

  for (const field of [
    'Basic realm="x"',
    'Bearer realm="x", error="invalid_token", error_description="It has expired."',
    'DPoP algs="ES256", Bearer realm=x',
    'Negotiate',
  ]) {
    it(`finds no fault in ${field}`, () => {
      assert.equal(findChallengeFault(field), null);
    });
  }

  for (const [field, fault] of [
    ['Basic', /Basic challenge without realm/],
    ['Bearer', /Bearer challenge without any parameter/],
    ['Bearer error="a", error="b"', /error twice/],
    ['Bearer realm="x" error="y"', /no parameter after the scheme/],
    ['realm="x"', /parameter before any scheme/],
    ['Bearer realm="x"; error="y"', /no parameter after the scheme/],
  ] as const) {
    it(`finds the fault of ${field}`, () => {
      assert.match(findChallengeFault(field) ?? '', fault);
    });
  }
});
