/** The lessons in their order: four parts of three. */
import { exchange } from './exchange.js';
import type { Lesson } from './lesson.js';

export const lessons: readonly Lesson[] = [exchange];
