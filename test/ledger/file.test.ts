import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LedgerError } from '../../src/core/errors.ts';
import { openLedger, openLedgerForReading } from '../../src/ledger/open-ledger.ts';
import { connect } from '../../src/ledger/sqlite/connection.ts';
import { accepted, entryOf, pending, request, requests, reserve, scope, spec, TestClock } from './samples.ts';
import { open, tempFolder } from './temp.ts';
import { startWorker } from './worker-process.ts';

const clock = new TestClock();
const shot = request(1);

/** A ledger with many requests, closed. */
async function filled(file: string, count = 200): Promise<void> {
  const ledger = await openLedger(file, { clock });
  const list = requests(count);
  const run = await ledger.startRun(spec(reserve(list)));
  for (const [n, sent] of list.entries())
    await run.settle(sent, (await run.claim(sent, pending)).attempt, accepted(`video_${n}`));
  await ledger.close();
}

async function refusal(opening: Promise<unknown>): Promise<LedgerError> {
  const error = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LedgerError);
  return error as LedgerError;
}

describe('opening a ledger', () => {
  it('makes the folder and the file, for their owner alone', async () => {
    const file = join(await tempFolder(), 'deep', '.shotlist', 'ledger.db');
    const ledger = await open(file);
    const run = await ledger.startRun(spec(reserve([shot])));
    await run.claim(shot, pending);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    for (const made of [file, `${file}-wal`]) expect(statSync(made).mode & 0o777).toBe(0o600);
  });

  it('promise 2: syncs every commit to the disk', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const { db, close } = await connect(file, { clock, busyTimeoutMs: 50, fileSystemType: async () => null });
    onTestFinished(close);
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  it('promise 11: goes on from the file alone', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    await filled(file, 3);
    const ledger = await open(file);
    expect((await ledger.read(scope)).map(({ taskId }) => taskId)).toEqual(['video_0', 'video_1', 'video_2']);
  });

  it('is whole in its one file once it is closed', async () => {
    const folder = await tempFolder();
    await filled(join(folder, 'ledger.db'), 3);
    cpSync(join(folder, 'ledger.db'), join(folder, 'copy.db'));
    expect(await (await open(join(folder, 'copy.db'))).read(scope)).toHaveLength(3);
  });

  it('takes any characters that a path can hold', async () => {
    const file = join(await tempFolder(), 'a b %20 ?x#y 雨', 'file:ledger.db');
    const ledger = await open(file);
    const run = await ledger.startRun(spec(reserve([shot])));
    await run.claim(shot, pending);
    expect(existsSync(file)).toBe(true);
    expect(await entryOf(await open(file), shot)).toMatchObject({ state: 'sending' });
  });

  it('knows the runs of a ledger by whatever name it is opened', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'real', 'ledger.db');
    const run = await (await open(file)).startRun(spec(reserve([shot])));
    await run.claim(shot, pending);
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    mkdirSync(join(folder, 'other'));
    symlinkSync(file, join(folder, 'other', 'link.db'));
    for (const name of ['linked/ledger.db', 'other/link.db']) {
      expect(await entryOf(await open(join(folder, name)), shot)).toMatchObject({ state: 'sending' });
    }
  });

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    writeFileSync(file, 'shots to do: all of them\n'.repeat(100));
    const error = await refusal(openLedger(file, { clock }));
    expect(error.message).toContain(`${file} is not a ledger`);
    expect(error.help).toContain('--ledger');
    expect(readFileSync(file, 'utf8')).toBe('shots to do: all of them\n'.repeat(100));
  });

  it("refuses another program's database, and leaves it as it is", async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE bookmarks (url TEXT)');
    other.close();
    const before = readFileSync(file);
    expect((await refusal(openLedger(file, { clock }))).message).toContain("another program's database");
    expect((await refusal(openLedgerForReading(file, { clock }))).message).toContain(
      "another program's database",
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it('refuses a ledger of a newer release', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    await filled(file, 1);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    for (const opening of [openLedger, openLedgerForReading]) {
      expect((await refusal(opening(file, { clock }))).message).toMatch(
        /newer release \(schema 99, this one knows \d\)/,
      );
    }
  });

  it.each([
    ['cut off', (file: string) => truncateSync(file, 8 * 4096)],
    [
      'overwritten in the middle',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 5 * 4096, 9 * 4096);
        writeFileSync(file, bytes);
      },
    ],
    [
      'robbed of what finds its events',
      (file: string) => {
        const bytes = readFileSync(file);
        const name = bytes.indexOf('CREATE INDEX events_of_request');
        bytes.write('CREATE INDEX events_of_nothing', name);
        writeFileSync(file, bytes);
      },
    ],
  ])('refuses a ledger that is %s', async (_, damage) => {
    const file = join(await tempFolder(), 'ledger.db');
    await filled(file);
    damage(file);
    const error = await refusal(openLedger(file, { clock }));
    expect(error.message).toMatch(/is damaged|cannot be used/);
    expect(error.help).toContain('Put back a copy');
  });

  it('refuses to start anew beside the log of a ledger that is gone', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const ledger = await open(file);
    await ledger.startRun(spec(reserve([shot])));
    cpSync(`${file}-wal`, `${file}-copy-wal`);
    for (const opening of [openLedger, openLedgerForReading]) {
      const error = await refusal(opening(`${file}-copy`, { clock }));
      expect(error.message).toContain('is missing, but its log');
    }
    expect(existsSync(`${file}-copy-wal`)).toBe(true);
  });

  it('refuses what is no file', async () => {
    const folder = await tempFolder();
    for (const opening of [openLedger, openLedgerForReading]) {
      expect((await refusal(opening(folder, { clock }))).message).toContain('that is a folder');
    }
    writeFileSync(join(folder, 'file'), '');
    expect((await refusal(openLedger(join(folder, 'file', 'ledger.db'), { clock }))).help).toContain(
      '--ledger',
    );
  });

  it('refuses a network file system', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    for (const [type, name] of [
      [0x6969, 'NFS'],
      [0xfe534d42, 'SMB'],
      [-11317950, 'CIFS'],
      [0x01021997, '9P'],
      [0x65735546, 'FUSE'],
    ] as const) {
      const error = await refusal(openLedger(file, { clock, fileSystemType: async () => type }));
      expect(error.message).toContain(`network file system (${name})`);
    }
    expect(existsSync(file)).toBe(false);
    await open(file, { fileSystemType: async () => 0xef53 });
  });

  it('waits for another process that holds it, and gives up after a while', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const ledger = await open(file);
    const holder = new DatabaseSync(file);
    onTestFinished(() => holder.close());
    holder.exec('BEGIN IMMEDIATE');
    const error = await refusal(ledger.startRun(spec(reserve([shot]))));
    expect(error.message).toContain('held by another process');
    holder.exec('COMMIT');
    const run = await ledger.startRun(spec(reserve([shot])));

    holder.exec('BEGIN IMMEDIATE');
    const patient = new TestClock();
    const waiting = await open(file, { clock: patient, busyTimeoutMs: 5000 });
    patient.sleep = async () => {
      if (holder.isTransaction) holder.exec('COMMIT');
    };
    const second = await waiting.startRun(spec(reserve([request(2)])));
    expect((await second.claim(request(2), pending)).attempt).toBe(1);
    expect((await run.claim(shot, pending)).attempt).toBe(1);
  });

  it('says so where the file or its folder may not be written', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'ledger.db');
    await filled(file, 2);
    for (const path of [folder, file]) {
      chmodSync(path, path === folder ? 0o555 : 0o444);
      if (process.getuid?.() === 0) chownSync(path, 65534, 65534);
    }
    const worker = await startWorker({ uid: process.getuid?.() === 0 ? 65534 : undefined });
    const opened = await worker.ask({ do: 'open', file });
    expect(opened).toMatchObject({
      failed: 'LedgerError',
      message: expect.stringMatching(/cannot be (opened|written)/),
    });
    const fresh = await worker.ask({ do: 'open', file: join(folder, 'deeper', 'ledger.db') });
    expect(fresh).toMatchObject({
      failed: 'LedgerError',
      message: expect.stringContaining('cannot be used'),
    });
    chmodSync(folder, 0o755);
  });
});

describe('a ledger that goes away while it is used', () => {
  it.each([
    ['deleted', (file: string) => rmSync(file)],
    ['deleted with its folder', (file: string) => rmSync(dirname(file), { recursive: true })],
    ['moved', (file: string) => renameSync(file, `${file}.old`)],
    ['robbed of its log', (file: string) => rmSync(`${file}-wal`)],
    [
      'replaced by a copy',
      (file: string) => {
        cpSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
  ])('promise 1: no claim succeeds on a ledger that was %s, and no id is lost', async (_, happens) => {
    const folder = await tempFolder();
    const file = join(folder, 'ledger', 'ledger.db');
    const ledger = await open(file);
    const run = await ledger.startRun(spec(reserve(requests(3))));
    await run.claim(request(0), pending);
    happens(file);
    expect((await refusal(run.claim(request(1), pending))).message).toContain('removed or replaced');
    const lost = await refusal(run.settle(request(0), 1, accepted('video_0')));
    expect(lost).toMatchObject({
      taskId: 'video_0',
      spoolFile: expect.stringContaining(join(folder, 'ledger', 'spool')),
    });
    await ledger.close();
  });
});

describe('reading a ledger', () => {
  it('reads one that is not there as empty, and does not make it', async () => {
    const folder = await tempFolder();
    const file = join(folder, '.shotlist', 'ledger.db');
    const reader = await openLedgerForReading(file, { clock });
    expect(await reader.read(scope)).toEqual([]);
    expect(await reader.history(scope, shot.key)).toEqual([]);
    await reader.close();
    writeFileSync(join(folder, 'empty.db'), '');
    await (await openLedgerForReading(join(folder, 'empty.db'), { clock })).close();
    expect(readdirSync(folder)).toEqual(['empty.db']);
  });

  it('reads while another process writes', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    await filled(file, 2);
    const writer = new DatabaseSync(file);
    onTestFinished(() => writer.close());
    writer.exec('BEGIN IMMEDIATE');
    const reader = await openLedgerForReading(file, { clock, busyTimeoutMs: 0 });
    expect(await reader.read(scope)).toHaveLength(2);
    await reader.close();
  });

  it('tells a live claim from a dead one', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const run = await (await open(file)).startRun(spec(reserve([shot])));
    await run.claim(shot, pending);
    const reader = await openLedgerForReading(file, { clock });
    onTestFinished(() => reader.close());
    expect(await entryOf(reader, shot)).toMatchObject({ state: 'sending' });
    await run.close();
    expect(await entryOf(reader, shot)).toMatchObject({ state: 'inDoubt' });
  });
});
