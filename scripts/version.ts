/** Which version we are, from the package.json above this file, in the repository and installed. */
import { readFileSync } from 'node:fs';

export const NAME = 'polar-conformance';

/** @returns the version of the package that this file belongs to */
export function packageVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    const found = versionAt(new URL(place, import.meta.url));
    if (found !== null) return found;
  }
  throw new Error('our own package.json was not found');
}

function versionAt(url: URL): string | null {
  try {
    const value: unknown = JSON.parse(readFileSync(url, 'utf8'));
    if (typeof value !== 'object' || value === null || !('name' in value) || !('version' in value))
      return null;
    return value.name === NAME && typeof value.version === 'string' ? value.version : null;
  } catch {
    return null;
  }
}
