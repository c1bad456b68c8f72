import type { Finding, Fix, Mark, Origin, Source } from './model.ts';
import type { ManifestRuleId } from './rules.ts';
import { severityOf } from './rules.ts';

/** A mistake, before it is known where it will be shown. */
export interface Problem {
  readonly rule: ManifestRuleId;
  readonly message: string;
  readonly help: string;
}

/** A problem at a place in a text: UTF-16 offsets, the end exclusive. */
export interface TextProblem extends Problem {
  readonly start: number;
  readonly end: number;
  readonly fix?: Fix | undefined;
}

/** A finding at a path. */
export function findingAt(
  origin: Origin,
  mark: Mark,
  problem: Problem,
  more: Pick<Finding, 'token' | 'key'> = {},
): Finding {
  const { rule, message, help } = problem;
  return { rule, severity: severityOf(rule), message, help, origin, mark, ...more };
}

/** A finding at offsets of a source's text. */
export function findingInText(source: Source, problem: TextProblem): Finding {
  const { start, end, fix } = problem;
  const finding = { ...findingAt({ source, path: [] }, 'value', problem), range: { start, end } };
  return fix === undefined ? finding : { ...finding, fix };
}
