import type { Origin, Version } from '../manifest/model.ts';
import type { Subject } from './subject.ts';

/** A version that lacks something, and the item to report it at. */
export interface Lacking<T> {
  readonly version: Version;
  readonly item: Origin;
  readonly what: T;
}

/**
 * The versions that lack something. Where every variant of a shot lacks the same, the shot does: they share its item, so
 * that it becomes one finding.
 */
export function lacking<T>(
  subjects: readonly Subject[],
  lack: (subject: Subject) => T | undefined,
): readonly Lacking<T>[] {
  const found: Lacking<T>[] = [];
  for (let start = 0, end = 0; start < subjects.length; start = end) {
    end = endOfShot(subjects, start);
    const before = found.length;
    for (let at = start; at < end; at += 1) {
      const subject = subjects[at];
      const what = subject === undefined ? undefined : lack(subject);
      if (subject === undefined || what === undefined) continue;
      found.push({ version: subject.version, item: subject.version.origin, what });
    }
    if (found.length === before || found.length - before < end - start) continue;
    found.push(...found.splice(before).map((one) => ({ ...one, item: shotOrigin(one.version) })));
  }
  return found;
}

/** Index after the last version of the shot at `start`; the versions of a shot follow each other. */
function endOfShot(subjects: readonly Subject[], start: number): number {
  const first = subjects[start]?.version;
  if (first === undefined || first.variant === null) return start + 1;
  const shot = shotOrigin(first);
  let end = start + 1;
  for (; end < subjects.length; end += 1) {
    const version = subjects[end]?.version;
    if (version === undefined || version.variant === null || !isSame(shotOrigin(version), shot)) break;
  }
  return end;
}

/** The shot's own map: that of a variant stands under `variants` and its name. */
function shotOrigin({ origin, variant }: Version): Origin {
  return variant === null ? origin : { source: origin.source, path: origin.path.slice(0, -2) };
}

function isSame(a: Origin, b: Origin): boolean {
  return (
    a.source === b.source &&
    a.path.length === b.path.length &&
    a.path.every((step, index) => step === b.path[index])
  );
}
