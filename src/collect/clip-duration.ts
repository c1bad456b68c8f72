/**
 * What a clip is said to play for and what it plays for, where that differs by more than a rounding; all in seconds, and
 * null where one of them is not known.
 */
export function durationDifference(
  stated: number | null,
  found: number | null,
): { readonly stated: number; readonly found: number } | null {
  if (stated === null || found === null) return null;
  // Encoders round a clip's end to whole frames.
  return Math.abs(stated - found) > Math.max(0.5, stated * 0.05) ? { stated, found } : null;
}
