import { expect } from 'vitest';
import type { ProbedFacts } from './files.ts';
import type { MediaServer } from './media-server.ts';
import { probeFiles } from './probing.ts';

/** The only format among them that nothing here reads. */
const unread = 'clip.avi';

/** Holds what we read of files against what ffprobe read: duration within 50 ms, pixels exact. */
export async function expectSame(
  server: MediaServer,
  expected: Readonly<Record<string, ProbedFacts>>,
  read: (name: string) => Uint8Array,
): Promise<void> {
  const names = Object.keys(expected).filter((name) => name !== unread);
  const facts = await probeFiles(
    server,
    Object.fromEntries(names.map((name) => [name, read(name)])),
    'video',
  );
  const differing = names.filter((name) => {
    const [ours, theirs] = [facts[name], expected[name]];
    return (
      ours?.kind !== theirs?.kind ||
      ours?.width !== theirs?.width ||
      ours?.height !== theirs?.height ||
      ours?.unknown !== null ||
      ours.bytes !== read(name).length ||
      !(Math.abs((ours.duration ?? 0) - (theirs?.duration ?? 0)) <= 0.05)
    );
  });
  expect(differing.map((name) => ({ name, ours: facts[name], theirs: expected[name] }))).toEqual([]);
}
