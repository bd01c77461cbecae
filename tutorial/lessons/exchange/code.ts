/** The code of a token request, as the sandbox remembers it. */
import type { ObservedExchange } from '../../watcher/exchange.js';
import type { LessonContext } from '../lesson.js';

/** @returns the record of the code that a request carries; undefined for none, or an unknown one */
export const findCode = ({ form }: ObservedExchange, { store }: LessonContext) =>
  store.codes.find(({ value }) => value === form.get('code'));
