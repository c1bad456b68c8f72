import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetupError } from '../../src/core/errors.ts';
import { writeFileAtomically } from '../../src/core/write-file.ts';

const run = promisify(execFile);

describe('writing a file whole or not at all', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shotlist-write-'));
    file = join(folder, 'report.csv');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** The error of a write that must fail, after a check that it left the folder as it was. */
  async function failure(
    path: string,
    data: Parameters<typeof writeFileAtomically>[1] = 'new',
  ): Promise<Error> {
    const before = await readdir(folder);
    const error = await writeFileAtomically(path, data).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error)) throw new Error(`writing ${path} did not fail`);
    expect(await readdir(folder)).toEqual(before);
    return error;
  }

  it('removes what killed writers left behind, once nobody can be writing it any more', async () => {
    const left = '.shotlist-0123456789abcdef.tmp';
    const fresh = '.shotlist-fedcba9876543210.tmp';
    const others = '.shotlist-notes.tmp';
    for (const name of [left, fresh, others]) await writeFile(join(folder, name), 'half');
    const before = Date.now() / 1000 - 2 * 3600;
    for (const name of [left, others]) await utimes(join(folder, name), before, before);
    await writeFileAtomically(file, 'whole');
    expect((await readdir(folder)).sort()).toEqual([fresh, others, 'report.csv'].sort());
  });

  it('writes text as UTF-8, and bytes as they are', async () => {
    await writeFileAtomically(file, '霓虹 🌃\r\n');
    expect(await readFile(file, 'utf8')).toBe('霓虹 🌃\r\n');
    await writeFileAtomically(file, new Uint8Array([0, 255, 10]));
    expect([...(await readFile(file))]).toEqual([0, 255, 10]);
    expect(await readdir(folder)).toEqual(['report.csv']);
  });

  it('writes pieces in their order, however they part a character', async () => {
    const text = `${'x'.repeat(65_535)}🌃${'雨'.repeat(100_000)}`;
    async function* pieces(length: number): AsyncGenerator<string> {
      for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
    }
    for (const length of [4096, 65_536, 7]) {
      await writeFileAtomically(file, pieces(length));
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  it('replaces a file in one step: a reader of the old one keeps the old one', async () => {
    await writeFile(file, 'old');
    await link(file, join(folder, 'second name'));
    await writeFileAtomically(file, 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
    expect(await readFile(join(folder, 'second name'), 'utf8')).toBe('old');
  });

  it('shows nothing under the name until everything is written', async () => {
    const seen: (string | null)[] = [];
    const look = async (): Promise<void> => {
      seen.push(await readFile(file, 'utf8').catch(() => null));
    };
    await writeFileAtomically(
      file,
      (async function* () {
        yield 'a'.repeat(200_000);
        await look();
        yield 'b';
        await look();
      })(),
    );
    expect(seen).toEqual([null, null]);
    expect(await readFile(file, 'utf8')).toHaveLength(200_001);
  });

  it('keeps the mode of an existing file, also against the umask', async () => {
    await writeFile(file, 'old');
    for (const mode of [0o600, 0o666, 0o755]) {
      await chmod(file, mode);
      await writeFileAtomically(file, 'new');
      expect((await stat(file)).mode & 0o7777).toBe(mode);
    }
  });

  it('gives a new file the mode that every program would give it', async () => {
    await writeFile(join(folder, 'plain'), '');
    await writeFileAtomically(file, '');
    expect((await stat(file)).mode).toBe((await stat(join(folder, 'plain'))).mode);
  });

  it('writes the target of a symbolic link, through several of them, and keeps the links', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere', 'real.csv'), 'old');
    await symlink(join('elsewhere', 'second.csv'), file);
    await symlink('real.csv', join(folder, 'elsewhere', 'second.csv'));
    await writeFileAtomically(file, 'new');
    expect(await readFile(join(folder, 'elsewhere', 'real.csv'), 'utf8')).toBe('new');
    expect(await readlink(file)).toBe(join('elsewhere', 'second.csv'));
    expect((await lstat(join(folder, 'elsewhere', 'second.csv'))).isSymbolicLink()).toBe(true);
    expect(await readdir(join(folder, 'elsewhere'))).toEqual(['real.csv', 'second.csv']);
  });

  it('makes the target of a symbolic link that leads to nothing yet', async () => {
    await symlink('later.csv', file);
    await writeFileAtomically(file, 'new');
    expect(await readFile(join(folder, 'later.csv'), 'utf8')).toBe('new');
    expect(await readlink(file)).toBe('later.csv');
  });

  it.skipIf(process.platform === 'win32')('writes into a named pipe and leaves it one', async () => {
    const pipe = join(folder, 'pipe');
    await run('mkfifo', [pipe]);
    const [read] = await Promise.all([readFile(pipe, 'utf8'), writeFileAtomically(pipe, 'through')]);
    expect(read).toBe('through');
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  it('leaves the old file and nothing else when the data fails, and passes its error on', async () => {
    await writeFile(file, 'old');
    const broken = Object.assign(new Error('no more rows'), { code: 'ENOENT' });
    const error = await failure(
      file,
      (async function* () {
        yield 'a'.repeat(200_000);
        throw broken;
      })(),
    );
    expect(error).toBe(broken);
    expect(await readFile(file, 'utf8')).toBe('old');
  });

  it('says that a folder is missing', async () => {
    const error = await failure(join(folder, 'reports', 'today.csv'));
    expect(error).toBeInstanceOf(SetupError);
    expect(error.message).toContain(`there is no folder ${join(folder, 'reports')}`);
  });

  it('says which folder is missing when the name is a link into it', async () => {
    await symlink(join('gone', 'report.csv'), file);
    const error = await failure(file);
    expect(error).toBeInstanceOf(SetupError);
    expect(error.message).toMatch(/cannot write .*report\.csv: there is no folder .*gone/);
  });

  it('says that a folder is in the way, or named', async () => {
    await mkdir(file);
    expect(await failure(file)).toMatchObject({
      name: 'SetupError',
      message: expect.stringContaining('a folder is there'),
    });
    expect(await failure(join(folder, 'new/'))).toMatchObject({
      name: 'SetupError',
      message: expect.stringContaining('that names a folder'),
    });
  });

  it('says that a file stands where a folder should', async () => {
    await writeFile(file, 'old');
    const error = await failure(join(file, 'report.csv'));
    expect(error).toMatchObject({
      name: 'SetupError',
      message: expect.stringContaining(`${file} is no folder`),
    });
  });

  it('says that links lead in a circle', async () => {
    await symlink('b', join(folder, 'a'));
    await symlink('a', join(folder, 'b'));
    const error = await failure(join(folder, 'a'));
    expect(error).toMatchObject({ name: 'SetupError', message: expect.stringContaining('circle') });
  });

  it('says that the name is too long', async () => {
    const error = await failure(join(folder, 'x'.repeat(300)));
    expect(error).toMatchObject({ name: 'SetupError', message: expect.stringContaining('too long') });
  });

  it.skipIf(process.platform === 'win32')(
    'refuses a read-only folder and a read-only file, and touches neither',
    async () => {
      await writeFile(file, 'old');
      await asOrdinaryUser(folder, async () => {
        await chmod(file, 0o444);
        const protectedFile = await failure(file);
        expect(protectedFile).toMatchObject({
          name: 'SetupError',
          message: expect.stringContaining('no permission'),
        });
        await chmod(file, 0o644);
        await chmod(folder, 0o555);
        for (const path of [file, join(folder, 'new.csv')]) {
          const error = await failure(path);
          expect(error).toMatchObject({
            name: 'SetupError',
            message: expect.stringContaining('no permission'),
          });
        }
        await chmod(folder, 0o755);
      });
      expect(await readFile(file, 'utf8')).toBe('old');
    },
  );

  it.skipIf(process.platform !== 'linux')(
    'leaves the old file and nothing else when the disk is full',
    async () => {
      await writeFile(file, 'old');
      // The shell's limit on the size of a file stands in for a full disk: the same write fails, halfway, the same way.
      const module = fileURLToPath(new URL('../../src/core/write-file.ts', import.meta.url));
      const script = `
      const { writeFileAtomically } = await import(${JSON.stringify(module)});
      const error = await writeFileAtomically(${JSON.stringify(file)}, 'x'.repeat(1e6)).catch((reason) => reason);
      console.log(JSON.stringify([error?.name, error?.message, error?.cause?.code]));`;
      const limited = 'ulimit -f 16 && exec "$0" --import tsx --input-type=module -e "$1"';
      const { stdout } = await run('bash', ['-c', limited, process.execPath, script]);
      const [name, message, code] = JSON.parse(stdout) as string[];
      expect([name, code]).toEqual(['SetupError', 'EFBIG']);
      expect(message).toContain(`cannot write ${file}`);
      expect(await readFile(file, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['report.csv']);
    },
  );

  it.skipIf(process.platform !== 'linux')('says that the disk is full', async () => {
    const error = await failure('/dev/full', 'x');
    expect(error).toMatchObject({ name: 'SetupError', message: 'cannot write /dev/full: the disk is full' });
    expect((await stat('/dev/full')).isCharacterDevice()).toBe(true);
  });

  it('leaves one whole file when several write at once', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
    await Promise.all(texts.map((text) => writeFileAtomically(file, text)));
    expect(texts).toContain(await readFile(file, 'utf8'));
    expect(await readdir(folder)).toEqual(['report.csv']);
  });
});

/** Permissions mean nothing to root, so a suite that runs as root takes off that hat for a moment. */
async function asOrdinaryUser(folder: string, act: () => Promise<void>): Promise<void> {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined || geteuid() !== 0) return act();
  const nobody = 65534;
  await chown(folder, nobody, nobody);
  for (const name of await readdir(folder)) await chown(join(folder, name), nobody, nobody);
  seteuid(nobody);
  try {
    await act();
  } finally {
    seteuid(0);
  }
}
