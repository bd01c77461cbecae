/** Engines that are ended from outside: what is left is judged by the next one, and nothing is judged forever. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../../scripts/engine/messages.js';
import { judgeInTries } from '../../scripts/run/engine-tries.js';
import type { Run } from '../../suites/run-file.js';
import { sampleResult, sampleTarget } from './samples.js';

const IDS = ['one', 'two', 'three'];
const start = (id: string): Message => ({ type: 'start', id });
const pass = (id: string): Message => ({ type: 'result', result: sampleResult(id, 'pass') });

interface Life {
  readonly messages: readonly Message[];
  readonly signal?: NodeJS.Signals;
}

/** @param lives what each engine does, one after the other; the last one again and again */
async function live(lives: readonly Life[], isInterrupted = () => false) {
  const runs: Run[] = [];
  const accepted: Message[] = [];
  const kills: string[] = [];
  const end = await judgeInTries(sampleRun(), {
    start: async (run, onMessage) => {
      const life = lives[runs.length] ?? lives.at(-1);
      runs.push(run);
      for (const message of life?.messages ?? []) onMessage(message);
      return {
        ended: Promise.resolve({ code: null, signal: life?.signal ?? null, output: '' }),
        stop: () => undefined,
      };
    },
    accept: (message) => accepted.push(message),
    afterKill: async (signal, left) => void kills.push(`${signal} ${left}`),
    isInterrupted,
  });
  const results = accepted.flatMap((message) => {
    if (message.type === 'result')
      return [`${message.result.id} ${message.result.status} ${message.result.remarks.length}`];
    return message.type === 'lost' ? [`${message.id} lost: ${message.reason}`] : [];
  });
  return { end, ids: runs.map(({ ids }) => ids.join(' ')), statuses: runs.at(-1)?.statuses, results, kills };
}

function sampleRun(): Run {
  return {
    folder: '/nowhere',
    target: sampleTarget(),
    ids: IDS,
    unlessSeen: { two: 'revocation' },
    serial: ['three'],
    statuses: {},
    browser: { path: null, headed: false, unavailable: null },
    out: 'out',
    traces: null,
    workers: 1,
    mostWorkers: 1,
    timeoutMs: null,
    maxWait: 0,
    rate: null,
    intrusive: false,
    thorough: false,
    exchanges: false,
  };
}

describe('an engine', () => {
  it('that ends by itself is started once', async () => {
    const { ids, kills, end } = await live([{ messages: IDS.flatMap((id) => [start(id), pass(id)]) }]);
    assert.deepEqual(ids, ['one two three']);
    assert.deepEqual(kills, []);
    assert.equal(end.signal, null);
  });

  it('that is killed is started again for what is left, and what it had in hand says so', async () => {
    const { ids, statuses, results, kills, end } = await live([
      { messages: [start('one'), pass('one'), start('two')], signal: 'SIGKILL' },
      { messages: [start('two'), pass('two'), start('three'), pass('three')] },
    ]);
    assert.deepEqual(ids, ['one two three', 'two three']);
    assert.deepEqual(statuses, { one: 'pass' });
    assert.deepEqual(results, ['one pass 0', 'two pass 1', 'three pass 0']);
    assert.deepEqual(kills, ['SIGKILL 2']);
    assert.equal(end.signal, null);
  });

  it('that a check kills twice judges the rest', async () => {
    const { results, ids } = await live([
      { messages: [start('one')], signal: 'SIGABRT' },
      { messages: [start('one')], signal: 'SIGABRT' },
      { messages: [start('two'), pass('two'), start('three'), pass('three')] },
    ]);
    assert.match(results[0] ?? '', /^one lost: .* ended by SIGABRT while this was judged, twice\./);
    assert.deepEqual(results.slice(1), ['two pass 0', 'three pass 0']);
    assert.equal(ids.at(-1), 'two three');
  });

  it('that is killed each time is started three times', async () => {
    const { ids, kills, end } = await live([{ messages: [], signal: 'SIGKILL' }]);
    assert.equal(ids.length, 3);
    assert.deepEqual(kills, ['SIGKILL 3', 'SIGKILL 3', 'SIGKILL 0']);
    assert.equal(end.signal, 'SIGKILL');
  });

  it("that is killed after a user's Ctrl-C isn't started again", async () => {
    const { ids, kills } = await live([{ messages: [], signal: 'SIGKILL' }], () => true);
    assert.equal(ids.length, 1);
    assert.deepEqual(kills, []);
  });
});
