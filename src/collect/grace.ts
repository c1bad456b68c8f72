/** Milliseconds that downloads may go on after the wait is over, in real time as the timeouts of their connections are. */
const mostGraceMs = 10_000;

/**
 * Once a wait is over, a download that is nearly done brings its end by itself; one that drips is cut off, and gone on with
 * by the next collect.
 *
 * @param idle resolves when nothing is under way any more: then nothing is cut off.
 */
export function cutOff(idle: Promise<void>, timeoutMs: number, cut: () => void): void {
  const timer = setTimeout(cut, Math.min(mostGraceMs, Math.max(1000, timeoutMs)));
  void idle.then(() => clearTimeout(timer));
}
