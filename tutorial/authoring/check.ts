/** Part of `npm run check`: lists what is missing in the lessons, and fails if anything is. */
import { lessons } from '../lessons/index.js';
import { Tutorial } from '../tutorial.js';
import { findEarlyGoals, findGaps } from './lesson-checks.js';

const tutorial = await Tutorial.open();
const lacks = [...findGaps(lessons), ...(await findEarlyGoals(tutorial))];
await tutorial.close();
for (const lack of lacks) process.stderr.write(`${lack}\n`);
if (lacks.length > 0) process.exitCode = 1;
