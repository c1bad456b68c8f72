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

/** A terminal that remembers what was written to it. */
function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const shown: string[] = [];
  stream.on('data', (piece: Buffer) => shown.push(piece.toString()));
  const call = {
    io: { clock: systemClock, stderr: { stream, write: (text: string) => stream.write(text) } },
    animate: true,
    verbosity: 'normal',
  } as unknown as CommandCall;
  return { call, stream, text: () => shown.join('') };
}

it('shows what happens amid a stage at once, above the live line, and once', async () => {
  const { call, text } = terminal();
  const stages = await createStages(call);
  let amid = '';
  await stages.stage('Submit', async (show) => {
    show('3 of 7', true);
    await vi.waitFor(() => expect(text()).toContain('3 of 7'));
    call.io.stderr.write('sh0010: refused: no such ratio\n');
    amid = text();
    await vi.waitFor(() => expect(text().slice(amid.length)).not.toBe(''));
  });
  const [before = '', after = ''] = amid.split('sh0010: refused: no such ratio\n');
  expect(before).toContain('3 of 7');
  // The line that is redrawn is wiped first, and drawn again below.
  expect(before.endsWith('\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K\x1b[G')).toBe(true);
  expect(after).toContain('3 of 7');
  expect(text().split('no such ratio')).toHaveLength(2);
});

it('ticks a stage off only where it ended cleanly', async () => {
  const { call, text } = terminal();
  const stages = await createStages(call);
  await stages.stage(
    'One',
    async () => 1,
    () => 'One: done',
  );
  expect(text()).toMatch(/✔.*One: done/);
  await stages.stage(
    'Two',
    async () => 2,
    () => ({ text: 'Two: 1 in doubt', isClean: false }),
  );
  expect(text()).toMatch(/⚠.*Two: 1 in doubt/);
  expect(text()).not.toMatch(/✔.*Two/);
});
