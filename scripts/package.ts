/** Who we are, as a report says it: the program and the catalogue that it judges by. */
import { CATALOGUE_VERSION, catalogueHash } from '../suites/catalogue.js';
import type { Tool } from './report/report.js';
import { NAME, packageVersion } from './version.js';

/** @returns what a report says about the program that made it */
export function tool(): Tool {
  return {
    name: NAME,
    version: packageVersion(),
    catalogue: CATALOGUE_VERSION,
    catalogueHash: catalogueHash(),
  };
}

/** @returns what `--version` says: a verdict depends on the catalogue as much as on the program */
export function versionLine(): string {
  const { version, catalogue, catalogueHash: hash } = tool();
  return `${version} (catalogue ${catalogue}, hash ${hash})`;
}
