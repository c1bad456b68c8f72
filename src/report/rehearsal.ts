/**
 * Stands in the page and the JUnit report of a rehearsal, so that nobody takes it for a real one. No text of a manifest
 * can be taken for it: there, `<` is always escaped.
 */
export const rehearsalMark = '<!-- rehearsal -->';

/** The name of a report's project, for people. */
export function projectName({
  project,
  rehearsal,
}: {
  readonly project: string;
  readonly rehearsal?: true;
}): string {
  return rehearsal === true ? `${project} (rehearsal)` : project;
}
