/** Part of `npm run check`: says what the lessons lack, and fails when they lack anything. */
import { lessons } from '../lessons/index.js';
import { Tutorial } from '../tutorial.js';
import { findEarlyGoals, findGaps } from './lesson-checks.js';

const tutorial = await Tutorial.open();
const lacks = [...findGaps(lessons), ...(await findEarlyGoals(tutorial))];
await tutorial.close();
for (const lack of lacks) process.stderr.write(`${lack}\n`);
if (lacks.length > 0) process.exitCode = 1;
