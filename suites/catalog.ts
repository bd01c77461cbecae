/** The catalog: every chapter, in the order of the scenario. */
import { createHash } from 'node:crypto';
import { OWNERS, type Step } from '../fixtures/owners.js';
import { agents } from './agents/index.js';
import { api } from './api/index.js';
import { authz } from './authz/index.js';
import { client } from './client/index.js';
import { consent } from './consent/index.js';
import { discovery } from './discovery/index.js';
import { idtoken } from './idtoken/index.js';
import { introspect } from './introspect/index.js';
import { org } from './org/index.js';
import { pat } from './pat/index.js';
import { pkce } from './pkce/index.js';
import { refresh } from './refresh/index.js';
import type { Chapter, Requirement } from './requirement.js';
import type { RequirementId } from './requirement-ids.js';
import { revoke } from './revoke/index.js';
import { robust } from './robust/index.js';
import { token } from './token/index.js';
import { userinfo } from './userinfo/index.js';

export type Catalog = readonly Chapter[];

/** A requirement and its chapter. */
export interface Entry {
  readonly chapter: Chapter;
  readonly requirement: Requirement;
}

export const catalog: Catalog = [
  discovery,
  client,
  authz,
  consent,
  token,
  idtoken,
  refresh,
  pkce,
  org,
  api,
  pat,
  revoke,
  introspect,
  userinfo,
  robust,
  agents,
];

/** Every owner of a step is a requirement of the catalog. */
OWNERS satisfies Readonly<Record<Step, RequirementId>>;

/** The catalog's own version. It goes up whenever a verdict may change. */
export const CATALOG_VERSION = '0.3.0';

/** @returns all requirements in order, each with its chapter */
export function listEntries(chapters: Catalog = catalog): readonly Entry[] {
  return chapters.flatMap((chapter) => chapter.requirements.map((requirement) => ({ chapter, requirement })));
}

/** @returns the requirement with this id, or undefined */
export function findEntry(id: string, chapters: Catalog = catalog): Entry | undefined {
  return listEntries(chapters).find(({ requirement }) => requirement.id === id);
}

/** @returns a short hash of everything that the catalog says, to tell two catalogs apart */
export function catalogHash(chapters: Catalog = catalog): string {
  const content = listEntries(chapters).map(({ chapter, requirement }) => ({
    chapter: chapter.id,
    id: requirement.id,
    level: requirement.level,
    profile: requirement.profile,
    needs: requirement.needs,
    source: requirement.clauses,
    statement: requirement.statement,
    how: requirement.how,
  }));
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}
