/** The estimate behind token-unguessable: what counts as random, and what does not. */
import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { estimate } from '../../suites/token/entropy.js';

const three = (make: (index: number) => string): string[] => [0, 1, 2].map(make);
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

describe('the estimate of random bits', () => {
  it('counts 16 random bytes as at least 96 bits in any encoding', () => {
    const spellings = {
      hexadecimal: () => randomBytes(16).toString('hex'),
      base64url: () => randomBytes(16).toString('base64url'),
      uuid: () => randomUUID(),
      prefixed: () => `polar_at_u_${randomBytes(16).toString('hex')}`,
    };
    for (const [name, make] of Object.entries(spellings)) {
      // Random values may share an end by chance, so many drafts stand for one.
      for (let draft = 0; draft < 100; draft += 1) {
        assert.ok(estimate(three(make)).bits >= 96, name);
      }
    }
  });

  it('ignores what all values share', () => {
    const { bits } = estimate(
      three((index) => `${'a-long-and-constant-beginning'.repeat(4)}${index}-the-end`),
    );
    assert.ok(bits < 8);
  });

  it('ignores a timestamp that values of one moment share', () => {
    const { bits } = estimate(three((index) => `17951547${index}3-4711`));
    assert.ok(bits < 8);
  });

  it('sees six random characters as too few', () => {
    const { bits } = estimate(['polar_ac_aB3xY9', 'polar_ac_Zq81Lm', 'polar_ac_0pWe4R']);
    assert.ok(bits < 40);
  });

  it('judges a JWT by its signature', () => {
    const signed = (index: number) => {
      const text = `${base64url('{"alg":"HS256"}')}.${base64url(`{"jti":${index}}`)}`;
      return `${text}.${createHmac('sha256', 'a key of the test').update(text).digest('base64url')}`;
    };
    const { bits, signed: isSigned } = estimate(three(signed));
    assert.ok(isSigned);
    assert.ok(bits >= 240);
  });

  it('counts the signature of a JWT that was issued twice in one second', () => {
    const signature = createHmac('sha256', 'a key of the test').update('the same claims').digest('base64url');
    const same = `${base64url('{"alg":"HS256"}')}.${base64url('{"iat":1}')}.${signature}`;
    const { bits, distinct, signed } = estimate(three(() => same));
    assert.equal(distinct, false);
    assert.ok(signed);
    assert.ok(bits >= 240);
  });

  it('judges an unsigned JWT by its payload', () => {
    const unsigned = (jti: unknown) =>
      `${base64url('{"alg":"none"}')}.${base64url(JSON.stringify({ jti }))}.`;
    assert.ok(estimate(three(unsigned)).bits < 8);
    assert.ok(estimate(three(() => unsigned(randomUUID()))).bits >= 96);
    assert.equal(estimate(three(() => unsigned(1))).distinct, false);
  });

  it('notices two equal values', () => {
    assert.equal(estimate(['one', 'two', 'one']).distinct, false);
    assert.equal(estimate(['one', 'two', 'six']).distinct, true);
  });
});
