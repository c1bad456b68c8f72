import type { Finding, Source } from '../manifest/model.ts';

/** The rule about lone fragments, for the documents. */
export const loneFragmentRule = {
  id: 'lone-fragment',
  severity: 'error',
  suppressible: true,
  summary: 'A file has neither `version` nor `project`, and no manifest includes it',
  why: 'A fragment is checked with the manifest that includes it, which is looked for below the working directory. Without one, what its shots inherit and what its references stand for is not known, and nothing of it is ever sent.',
} as const;

/** Says of a fragment that no manifest includes it. */
export function loneFragment(source: Source): Finding {
  const { id, severity } = loneFragmentRule;
  return {
    rule: id,
    severity,
    message: 'This file has neither `version` nor `project`, and no manifest includes it',
    help: 'Add `version: 1` and `project: NAME` to make it a manifest, or list it under `include` of the manifest that it belongs to',
    origin: { source, path: [] },
    mark: 'item',
  };
}
