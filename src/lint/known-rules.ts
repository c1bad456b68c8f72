import type { Severity } from '../core/diagnostic.ts';
import { manifestRules } from '../manifest/rules.ts';
import { loneFragmentRule } from './lone-fragment.ts';
import { modelsFileRule } from './models-file.ts';
import { rules } from './rules/index.ts';
import { badSuppression, unusedSuppression } from './suppressions.ts';

/** The description of one thing that the lint can find, whichever part of the program finds it. */
export interface KnownRule {
  readonly id: string;
  readonly severity: Severity;
  /** One line. */
  readonly summary: string;
  readonly why: string;
  readonly suppressible?: true;
  /** The provider's answer to it; left out where the provider never sees the mistake. */
  readonly provider?: string | undefined;
}

/** Rules about files, which are judged before their requests. */
export const fileRules: readonly KnownRule[] = [
  modelsFileRule,
  loneFragmentRule,
  badSuppression,
  unusedSuppression,
  ...manifestRules,
];

/** Every finding's rule: first what is judged on each request, then what reading the files can find. */
export const knownRules: ReadonlyMap<string, KnownRule> = new Map(
  [...rules, ...fileRules].map((rule) => [rule.id, rule]),
);

/** True where a comment can suppress what a rule finds. */
export function isSuppressible(rule: KnownRule): boolean {
  const { id, severity, suppressible } = rule;
  // A comment cannot be kept from being judged by a comment.
  if (id === badSuppression.id || id === unusedSuppression.id) return false;
  return severity === 'warning' || suppressible === true;
}
