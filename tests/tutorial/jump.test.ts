/** The list of lessons in the terminal, and going to one of them by its number. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lessons } from '../../tutorial/lessons/index.js';
import { stage } from './terminal-stage.js';

describe('the list of lessons', () => {
  it('takes a number and Enter, and goes to that lesson', async () => {
    const { tutorial, actions, printed } = await stage(lessons);
    printed();
    await actions.press('l');
    const list = printed();
    for (const { title } of lessons) assert.ok(list.includes(title), title);
    assert.match(list, /type its number and press Enter/);
    for (const key of ['1', '1', '\r']) await actions.press(key);
    assert.equal(tutorial.view().lesson.id, lessons[10]?.id);
    assert.ok(printed().includes(lessons[10]?.title ?? '-'));
  });

  it('says that there is no such lesson, and stays', async () => {
    const { tutorial, actions, printed } = await stage(lessons);
    for (const key of ['l', '9', '9', '\r']) await actions.press(key);
    assert.match(printed(), /There is no lesson 99: the last one is \d+\./);
    assert.equal(tutorial.view().lesson.id, lessons[0]?.id);
  });

  it('is left by any other key, which does what it always does', async () => {
    const { tutorial, actions, printed } = await stage(lessons);
    for (const key of ['l', '1', 'h']) await actions.press(key);
    assert.match(printed(), /Hint 1:/);
    assert.equal(tutorial.view().lesson.id, lessons[0]?.id);
  });
});
