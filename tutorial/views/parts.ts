/** What the four parts of the tutorial are called. */
import type { Part } from '../lessons/lesson.js';

export const PARTS: Readonly<Record<Part, string>> = {
  A: 'First calls',
  B: 'Logging a user in',
  C: 'Trusting and lasting',
  D: 'In the real world',
};
