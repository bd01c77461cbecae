/** A server that limits requests is not judged by the requests that it turned away. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { NOTHING_PROVISIONED } from '../../fixtures/environment/provisioned.js';
import { createEnvironment } from '../../fixtures/environment.js';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { Blocked, Failed, NotApplicable } from '../../fixtures/verdict.js';
import { judge } from '../../suites/judge.js';
import type { Result } from '../../suites/result.js';
import { sampleRequirement, sampleTarget } from '../scripts/samples.js';

/** @returns the result of a check that gets answers of these statuses, in order, and ends in this way */
async function judgeAfter(
  statuses: readonly number[],
  end: (exchanges: readonly Exchange[]) => void,
): Promise<Result> {
  const left = [...statuses];
  const server = createServer((_, response) => {
    response.writeHead(left.shift() ?? 404, { 'retry-after': '3591' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const requirement = sampleRequirement('token-exchange', {
    check: async ({ expect, flow }) => {
      const exchanges: Exchange[] = [];
      for (const _ of statuses) {
        exchanges.push(await flow.send({ url: `http://localhost:${port}/register`, note: 'a step' }));
      }
      expect.that(true, 'It holds.', { expected: 'so', received: 'so' });
      end(exchanges);
    },
  });
  const environment = createEnvironment({
    target: sampleTarget(),
    browser: null,
    noBrowserReason: 'There is none.',
    provisioned: NOTHING_PROVISIONED,
    schemas: () => () => [],
  });
  try {
    return await judge(requirement, 'token', environment);
  } finally {
    await environment.close();
    server.close();
  }
}

const fail =
  (index: number) =>
  (exchanges: readonly Exchange[]): never => {
    const exchange = exchanges[index];
    throw new Failed('It registers nothing.', {
      expected: 'a client',
      received: 'none',
      ...(exchange && { exchange }),
    });
  };

describe('a check that meets a rate limit', () => {
  for (const [how, end] of [
    ['fails by it', fail(1)],
    [
      'is blocked by it',
      () => {
        throw new Blocked('registration', 'Nothing was registered.');
      },
    ],
    [
      'takes it for something that the server does not offer',
      () => {
        throw new NotApplicable('The server registers no such URI.');
      },
    ],
    [
      'ends in an error by it',
      () => {
        throw new Error('There is no client.');
      },
    ],
    ['saw nothing else last and passed', () => undefined],
  ] as const) {
    it(`is not tested if it ${how}, and names the request and the wait`, async () => {
      const { status, reason } = await judgeAfter([201, 429], end);
      assert.equal(status, 'not-tested');
      assert.match(
        reason ?? '',
        /^The server limits requests: GET http:\/\/localhost:\d+\/register was answered with 429, to be sent again in 3591 s, so this couldn't be judged\. Raise that limit for the run\.$/,
      );
    });
  }

  it('still fails by what the server answered before', async () => {
    const { status, message } = await judgeAfter([201, 429], fail(0));
    assert.deepEqual([status, message], ['fail', 'It registers nothing.']);
  });

  it('passes if the server answered in the end', async () => {
    assert.equal((await judgeAfter([429, 201], () => undefined)).status, 'pass');
  });
});
