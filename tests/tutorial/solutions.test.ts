/** Every lesson's solution as the views write it, run by a real shell with curl and by Node: the watcher must see it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { VERIFIER } from '../../tutorial/lessons/id-token/exercise.js';
import { lessons } from '../../tutorial/lessons/index.js';
import type { Recipe } from '../../tutorial/lessons/recipe.js';
import type { Values } from '../../tutorial/lessons/values.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { curlOf, fetchOf } from '../../tutorial/views/commands/index.js';

const LIMIT_MS = 120_000;
const run = promisify(execFile);
/** Nothing of this machine's settings, such as a proxy. */
const options = (values: Values) => ({ env: { PATH: process.env.PATH, ...values }, timeout: LIMIT_MS });

const WAYS = [
  {
    title: 'curl in a shell',
    send: (recipe: Recipe, values: Values) =>
      run('sh', ['-c', curlOf(recipe, values, 'filled')], options(values)),
  },
  {
    title: 'fetch in Node',
    send: (recipe: Recipe, values: Values) =>
      run(
        process.execPath,
        ['--input-type=module', '-e', fetchOf(recipe, values, 'filled')],
        options(values),
      ),
  },
];

let tutorial: Tutorial;
before(async () => {
  tutorial = await Tutorial.open();
});
after(() => tutorial?.close());

/** What a user does in a browser, as the recipe says. */
async function inBrowser(recipe: Recipe, words: string): Promise<void> {
  const learner = tutorial.learner(false);
  if (recipe.url.endsWith('/settings/tokens')) {
    await learner.submit(recipe.url, (fields) => {
      fields.set('comment', 'laptop');
      fields.append('scope', 'user:read');
    });
  } else {
    await learner.open(recipe, { decision: { answer: /deny/i.test(words) ? 'deny' : 'allow' } });
  }
}

for (const { title, send } of WAYS) {
  describe(`solutions by ${title}`, () => {
    for (const lesson of lessons) {
      // The last is solved by an app that runs; the starter does so in the tests of part D.
      if (lesson.id === 'your-app') continue;
      it(lesson.id, async () => {
        await tutorial.reset(lesson.id);
        await tutorial.go(lesson.id);
        const follow = async (recipes: readonly Recipe[]) => {
          for (const recipe of recipes) {
            await tutorial.settled();
            if (recipe.browser === undefined) await send(recipe, tutorial.values);
            else await inBrowser(recipe, recipe.browser);
          }
          await tutorial.settled();
          return tutorial.progress(lesson.id).reached;
        };
        const goals = await follow(lesson.solution);
        for (const { id } of lesson.goals) {
          assert.ok(goals.includes(id), `${id}: ${tutorial.view().feedback?.message}`);
        }
        for (const exercise of lesson.exercises) {
          // A verifier leaves no trace on the wire: it is run by a command of its own.
          if (exercise.id === VERIFIER) continue;
          const reached = await follow(exercise.solution);
          assert.ok(reached.includes(exercise.id), `${exercise.id}: ${tutorial.view().feedback?.message}`);
        }
      });
    }
  });
}
