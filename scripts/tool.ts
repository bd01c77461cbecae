/** Who we are, as a report says it: the program and the catalog that it judges by. */
import { CATALOG_VERSION, catalogHash } from '../suites/catalog.js';
import type { Tool } from './report/report.js';
import { NAME, packageVersion } from './version.js';

/** @returns what a report says about the program that made it */
export function describeTool(): Tool {
  return {
    name: NAME,
    version: packageVersion(),
    catalogVersion: CATALOG_VERSION,
    catalogHash: catalogHash(),
  };
}

/** @returns what `--version` says: a verdict depends on the catalog as much as on the program */
export function describeVersion(): string {
  const { version, catalogVersion, catalogHash: hash } = describeTool();
  return `${version} (catalog ${catalogVersion}, hash ${hash})`;
}
