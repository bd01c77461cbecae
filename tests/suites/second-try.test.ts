/** An error that may come from time or the network is tried once more, and the report says so. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { NotUnderstood } from '../../fixtures/browser/unrecognized-page.js';
import { NOTHING_PROVISIONED } from '../../fixtures/environment/provisioned.js';
import { createEnvironment } from '../../fixtures/environment.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, Failed, NotTested } from '../../fixtures/verdict.js';
import { judge } from '../../suites/judge.js';
import type { Result } from '../../suites/result.js';
import { sampleRequirement, sampleTarget } from '../scripts/samples.js';

type Attempt = (flow: Flow) => void | Promise<void>;

/** Judges a requirement whose check does these things, one at each try. */
async function judged(...tries: readonly Attempt[]): Promise<{ result: Result; tried: number }> {
  let tried = 0;
  const requirement = sampleRequirement('token-exchange', {
    check: async ({ expect, flow }) => {
      const act = tries[tried];
      tried += 1;
      assert.ok(act !== undefined, 'it was tried too often');
      await act(flow);
      expect.that(true, 'It holds.', { expected: 'so', received: 'so' });
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
    return { result: await judge(requirement, 'token', environment, { wait: async () => undefined }), tried };
  } finally {
    await environment.close();
  }
}

const broken = () => {
  throw new Error('localhost did not answer in time.');
};
const fine = () => undefined;

describe('a check that ends in an error', () => {
  it('passes if the second try passes, and says so', async () => {
    const { result, tried } = await judged(broken, fine);
    assert.equal(tried, 2);
    assert.deepEqual(
      [result.status, result.reason, result.remarks],
      [
        'pass',
        null,
        ['Judged in a second try. The first one ended in an error: localhost did not answer in time.'],
      ],
    );
  });

  it('is an error if the second try is too, with no third try', async () => {
    const { result, tried } = await judged(broken, broken);
    assert.equal(tried, 2);
    assert.deepEqual([result.status, result.remarks.length], ['error', 1]);
  });

  for (const [what, error] of [
    ['our own code is wrong', new TypeError('x is not a function')],
    ['a page is not understood', new NotUnderstood('The page has no field for a username.')],
  ] as const) {
    it(`is not tried again where ${what}`, async () => {
      const { result, tried } = await judged(() => {
        throw error;
      });
      assert.deepEqual([result.status, result.remarks, tried], ['error', [], 1]);
    });
  }

  it("isn't tried again if it couldn't be tested", async () => {
    const { result, tried } = await judged(() => {
      throw new NotTested('There is no second user.');
    });
    assert.deepEqual([result.status, tried], ['not-tested', 1]);
  });
});

/** Judges at a server that answers with this status; the second try finds nothing wrong. */
async function judgedAt(
  status: number,
  judgment: (status: number) => Error,
): Promise<{ result: Result; tried: number }> {
  const server = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await judged(async (flow) => {
      const exchange = await flow.send({ url: `http://localhost:${port}/token`, note: 'a step' });
      throw judgment(exchange.status);
    }, fine);
  } finally {
    server.close();
  }
}

describe('a check that fails on the response of a server that was away', () => {
  const failedAt = (status: number) =>
    judgedAt(status, (answered) => {
      const sentence = `A valid request was answered with ${answered}.`;
      return new Failed(sentence, { expected: '200', received: String(answered) });
    });

  it('is tried again', async () => {
    const { result, tried } = await failedAt(503);
    const said = 'The first one met a server that was not available: A valid request was answered with 503.';
    assert.deepEqual(
      [result.status, result.remarks, tried],
      ['pass', [`Judged in a second try. ${said}`], 2],
    );
  });

  it("isn't tried again if the server was there", async () => {
    for (const status of [200, 404, 500, 501]) {
      const { result, tried } = await failedAt(status);
      assert.deepEqual([result.status, tried], ['fail', 1], String(status));
    }
  });

  it('names the server error before the advice of the rule, and nothing else does', async () => {
    const { result: refused } = await failedAt(400);
    const { result: broke } = await failedAt(500);
    assert.equal(broke.hint, `The server broke down here (status 500): start with its log. ${refused.hint}`);
    assert.doesNotMatch(refused.hint ?? '', /broke down/u);
  });
});

describe('a check that is blocked by its own last exchange', () => {
  const judgedAtStatus = (status: number) =>
    judgedAt(status, (answered) => new Blocked('code', `The step was answered with ${answered}.`));

  it('is tried again after a server error, as another request may not meet it', async () => {
    const { result, tried } = await judgedAtStatus(500);
    const said = 'The first one was blocked by a server error: The step was answered with 500.';
    assert.deepEqual(
      [result.status, result.remarks, tried],
      ['pass', [`Judged in a second try. ${said}`], 2],
    );
  });

  it('is not tried again after a refusal', async () => {
    const { result, tried } = await judgedAtStatus(400);
    assert.deepEqual([result.status, result.blockedBy, tried], ['blocked', 'authz-code-response', 1]);
  });
});
