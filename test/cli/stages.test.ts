import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import type { CommandCall } from '../../src/cli/command.ts';
import { createStages } from '../../src/cli/render/stages.ts';
import { systemClock } from '../../src/core/clock.ts';

it('shows live lines on standard error alone, also where standard output is a file', async () => {
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const shown: string[] = [];
  stderr.on('data', (piece: Buffer) => shown.push(piece.toString()));
  const onStdout = vi.spyOn(process.stdout, 'write');
  const io = { clock: systemClock, stderr: { stream: stderr } };
  const call = { io, animate: true, verbosity: 'normal' } as unknown as CommandCall;
  try {
    const stages = await createStages(call);
    const work = async (show: (line: string, urgent?: boolean) => void): Promise<number> => {
      show('halfway', true);
      return 7;
    };
    expect(await stages.stage('Media', work, (n) => `Media: ${n} files`)).toBe(7);
    expect(shown.join('')).toContain('Media: 7 files');
    expect(onStdout.mock.calls.filter(([text]) => String(text).includes('Media'))).toEqual([]);
  } finally {
    onStdout.mockRestore();
  }
});
