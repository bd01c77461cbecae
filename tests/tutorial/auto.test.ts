/** All lessons are verified on the sandbox, with every known mistake; on a sandbox that breaks a rule, they are not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findDefect } from '../../fixtures/sandbox/defects/index.js';
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { type Played, playAll } from '../../tutorial/auto/auto.js';
import { lessons } from '../../tutorial/lessons/index.js';
import type { Lesson } from '../../tutorial/lessons/lesson.js';
import { Tutorial } from '../../tutorial/tutorial.js';

async function played(
  deviations: readonly Deviation[],
  lessons: readonly Lesson[],
): Promise<readonly Played[]> {
  const tutorial = await Tutorial.open({ deviations, lessons });
  const all: Played[] = [];
  try {
    await playAll(tutorial, { mistakes: true }, (one) => all.push(one));
  } finally {
    await tutorial.close();
  }
  return all;
}

const nameOf = ({ lesson, id }: Played): string => `${lesson}/${id}`;

describe('the lessons, played', () => {
  it('are verified, goal by goal, exercise by exercise and mistake by mistake', async () => {
    const all = await played([], lessons);
    assert.deepEqual(
      all.filter(({ ok }) => !ok).map((one) => `${nameOf(one)}: ${one.message}`),
      [],
    );
    const expected = lessons.flatMap(({ id, goals, exercises, mistakes }) =>
      [...goals, ...exercises, ...mistakes].map((one) => `${id}/${one.id}`),
    );
    assert.deepEqual(all.map(nameOf), expected);
  });

  const broken: readonly (readonly [string, string])[] = [
    ['token-code-single-use', 'exchange/replayed'],
    ['token-redirect-mismatch', 'exchange/redirect-uri-differs'],
    ['pkce-verifier-wrong', 'public/wrong-verifier'],
    ['refresh-without-rotation', 'refresh/replaced'],
  ];
  for (const [defect, name] of broken) {
    it(`are not verified on a sandbox that deviates by ${defect}`, async () => {
      const deviation = findDefect(defect) ?? variants.find(({ id }) => id === defect);
      assert.ok(deviation !== undefined);
      const [lesson] = lessons.filter(({ id }) => name.startsWith(`${id}/`));
      assert.ok(lesson !== undefined);
      const failed = (await played([deviation], [lesson])).filter(({ ok }) => !ok);
      const found = failed.find((one) => nameOf(one) === name);
      assert.ok(found !== undefined, failed.map(nameOf).join(', '));
      assert.match(found.message, /^Not verified: /);
    });
  }
});
