/** What the terminal view is made of: comparisons, hidden secrets, the keyboard. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { createPalette } from '../../fixtures/output/terminal-text.js';
import { comparisonLines } from '../../tutorial/views/terminal/comparison.js';
import { masked } from '../../tutorial/views/terminal/feed.js';
import { type KeyStream, openKeyboard } from '../../tutorial/views/terminal/keys.js';
import { lineStyleFor } from '../../tutorial/views/terminal/line-style.js';
import type { Feedback } from '../../tutorial/watcher/feedback.js';

describe('a comparison', () => {
  const lines = (expected: string, sent: string, columns: number) =>
    comparisonLines(
      { expected, sent, difference: 'they differ' },
      lineStyleFor(createPalette(false), columns, false),
    );

  it('marks the first character that differs', () => {
    const [one = '', other = '', note = ''] = lines('http://a/callback', 'http://a/callbacks', 80);
    assert.equal(one.indexOf('http'), other.indexOf('http'));
    assert.equal(other[note.indexOf('↑')], 's');
    assert.match(note, /↑ they differ$/);
  });

  it('shows long values around the difference', () => {
    const start = 'x'.repeat(200);
    const [one = '', other = '', ...notes] = lines(`${start}AB${start}`, `${start}aB${start}`, 60);
    const note = notes.join('\n');
    assert.ok(one.length <= 60 && other.length <= 60 && note.length <= 60, note);
    assert.equal(one[note.indexOf('↑')], 'A');
    assert.equal(other[note.indexOf('↑')], 'a');
    assert.match(one, /…x+AB?x*…$/);
  });

  it('keeps sent text from controlling the terminal', () => {
    const [, sent = ''] = lines('a', 'a\u001b[2J\nb', 80);
    assert.equal(sent, '   you sent  a\\x1b[2J\\nb');
  });
});

it('a secret that a lesson overlooked is replaced by its name', () => {
  const feedback: Feedback = {
    kind: 'mistake',
    id: 'x',
    request: 'GET /the-long-secret',
    status: 400,
    at: 0,
    message: 'You sent the-long-secret.',
    comparison: { expected: '-', sent: 'the-long-secret', difference: '-' },
    requirement: null,
    clause: null,
  };
  const printed = masked(feedback, { CLIENT_SECRET: 'the-long-secret', CODE: '' });
  assert.equal(printed.request, 'GET /[CLIENT_SECRET]');
  assert.equal(printed.message, 'You sent [CLIENT_SECRET].');
  assert.equal(printed.comparison?.sent, '[CLIENT_SECRET]');
});

describe('the keyboard', () => {
  class Keys extends EventEmitter implements KeyStream {
    readonly modes: boolean[] = [];
    setRawMode(on: boolean) {
      this.modes.push(on);
    }
    resume() {}
    pause() {}
  }

  it('returns lower-case keys, and restores the terminal', () => {
    const stream = new Keys();
    const pressed: string[] = [];
    let ends = 0;
    const keyboard = openKeyboard(
      stream,
      (key) => pressed.push(key),
      () => {
        ends += 1;
      },
    );
    stream.emit('data', Buffer.from('hS'));
    stream.emit('data', '\u001b[A');
    stream.emit('data', '\u0003');
    keyboard.close();
    stream.emit('data', 'x');
    assert.deepEqual(pressed, ['h', 's']);
    assert.equal(ends, 1);
    assert.deepEqual(stream.modes, [true, false]);
  });
});
