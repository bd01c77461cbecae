/** Keeps secret values out of the pages. */
import { SECRET_NAMES, type Values } from '../../lessons/values.js';

/** @returns whether a string contains a secret that the tutorial knows */
export const holdsSecret = (text: string, values: Values): boolean =>
  [...SECRET_NAMES].some((name) => {
    const value = values[name];
    return value !== undefined && value !== '' && text.includes(value);
  });
