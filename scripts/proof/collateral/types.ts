/** A requirement that really fails together with another one. */
export interface Collateral {
  /** The name of the defect. */
  readonly defect: string;
  /** The other requirement that fails with it. */
  readonly fails: string;
  /** Why no better check could tell the two apart, or why both are right to fail. */
  readonly because: string;
}

/** Several that fail for the same reason. */
export interface CollateralGroup {
  readonly because: string;
  /** For each defect the other requirements that fail with it. */
  readonly pairs: Readonly<Record<string, readonly string[]>>;
}
