import type { Io } from './io.ts';

/** The one way in which something is told that a person should know and that stops nothing. */
export function warn({ stderr }: Pick<Io, 'stderr'>, message: string, help?: string): void {
  stderr.write(`warning ${message}\n`);
  for (const line of help?.split('\n') ?? []) stderr.write(`  help ${line}\n`);
}
