// Loaded before the built program (`node --import kill-at.mjs dist/main.js …`): kills the process at one exact step, or
// breaks one of the program's promises, without a line of it in the program. What to do is in the variable FAULT.
//
// The seams are the program's own: the database's statements, the sockets, the files. A step is reached in the thread
// that does the work, and SIGKILL to one's own process ends it before the next instruction.

import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';

/**
 * `step` and `nth`: where to die. `delayUs`: for the steps named `…:commit`, how long after the beginning of the commit.
 * `refuse`: the kind of transaction that the disk does not take. `broken`: the promise to break, which a test must notice.
 * `stop`: to be stopped there until somebody lets it go on, in place of dying.
 * `bugAt`: a step that fails as only a bug can. `clock`: milliseconds that the clock jumps by, at `clockAt` (a step).
 */
const {
  step,
  nth = 1,
  delayUs = 0,
  refuse,
  broken,
  stop = false,
  bugAt,
  clock = 0,
  clockAt,
} = JSON.parse(process.env.FAULT ?? '{}');

let seen = 0;
let jump = 0;
const now = Date.now;
Date.now = () => now() + jump;

function reach(name) {
  if (name === clockAt) jump = clock;
  if (name === bugAt) throw new TypeError('something is not a function');
  if (name !== step) return;
  seen += 1;
  if (seen === nth) die();
}

function die() {
  if (stop) return process.kill(process.pid, 'SIGSTOP');
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

// ---- the database ----

/** A thread that kills while the main thread is inside the commit. */
const bell = new Int32Array(new SharedArrayBuffer(4));
if (step?.endsWith(':commit')) {
  const killer = new Worker(
    `const { workerData: { bell, delayUs }, parentPort } = require('node:worker_threads');
     parentPort.postMessage('ready');
     Atomics.wait(bell, 0, 0);
     const end = process.hrtime.bigint() + BigInt(delayUs) * 1000n;
     while (process.hrtime.bigint() < end);
     process.kill(process.pid, 'SIGKILL');`,
    { eval: true, workerData: { bell, delayUs }, execArgv: [] },
  );
  killer.unref();
  await new Promise((resolve) => killer.once('message', resolve));
}

/** Whether this process holds its life lock: before, a lock file that goes is a dead run's. */
let locked = false;

const dlopen = process.dlopen;
process.dlopen = (module, ...rest) => {
  dlopen.call(process, module, ...rest);
  if (module.exports.DatabaseSync) module.exports.DatabaseSync = watched(module.exports.DatabaseSync);
};

function watched(DatabaseSync) {
  return class extends DatabaseSync {
    /** What the open transaction writes: claim, answer, run, end, journal, migration. */
    #writes = new Set();

    exec(sql) {
      if (sql === 'COMMIT') return this.#commit();
      if (sql.startsWith('BEGIN IMMEDIATE')) this.#writes.clear();
      if (sql.includes('PRAGMA user_version =')) this.#writes.add('migration');
      if (sql.startsWith('PRAGMA wal_checkpoint')) reach('checkpoint:begun');
      const result = super.exec(sql);
      if (sql.startsWith('PRAGMA wal_checkpoint')) reach('checkpoint:done');
      if (sql.includes('BEGIN EXCLUSIVE')) {
        locked = true;
        reach('lock:taken');
        if (broken === 'lock') super.exec('ROLLBACK');
      }
      return result;
    }

    prepare(sql) {
      const statement = super.prepare(sql);
      const table = /^(?:INSERT(?: OR (?:IGNORE|REPLACE))? INTO|UPDATE) (events|runs|journals)\b/.exec(
        sql,
      )?.[1];
      if (table === undefined) return statement;
      const run = statement.run;
      Object.defineProperty(statement, 'run', {
        value: (...values) => {
          const kind = kindOf(table, sql, values);
          if (kind !== undefined) {
            reach(`${kind}:begun`);
            this.#writes.add(kind);
          }
          return run.apply(statement, values);
        },
      });
      return statement;
    }

    #commit() {
      const kinds = [...this.#writes].filter((kind) => kind !== 'end' || !this.#writes.has('run'));
      this.#writes.clear();
      for (const kind of kinds) reach(`${kind}:written`);
      if (kinds.includes(refuse)) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
      const amid = kinds.some((kind) => `${kind}:commit` === step) && ++seen === nth;
      if (amid) {
        Atomics.store(bell, 0, 1);
        Atomics.notify(bell, 0);
      }
      const result = super.exec(kinds.some((kind) => kind === broken) ? 'ROLLBACK' : 'COMMIT');
      if (amid) die();
      for (const kind of kinds) reach(`${kind}:committed`);
      return result;
    }
  };
}

function kindOf(table, sql, values) {
  if (table === 'runs')
    return sql.startsWith('INSERT') ? 'run' : sql.includes('ended_at = ?') ? 'end' : undefined;
  if (table === 'journals') return 'journal';
  return { claimed: 'claim', settled: 'answer' }[values[3]];
}

// ---- the wire ----

/** Sockets that this process opened; the standard streams are none. */
const opened = new WeakSet();
/** Sockets with a request being written, by the pieces written so far. */
const writing = new WeakMap();
const socket = net.Socket.prototype;
const { connect, write, uncork, cork, read } = socket;

socket.connect = function (...args) {
  opened.add(this);
  this.prependOnceListener('connect', () => reach('connect:done'));
  const result = connect.apply(this, args);
  reach('connect:begun');
  return result;
};
socket.cork = function () {
  if (opened.has(this)) writing.set(this, 0);
  return cork.call(this);
};
socket.write = function (...args) {
  const pieces = writing.get(this);
  if (pieces !== undefined) {
    reach(pieces === 0 ? 'send:begun' : 'send:head');
    writing.set(this, pieces + 1);
  }
  return write.apply(this, args);
};
socket.uncork = function () {
  uncork.call(this);
  if (writing.delete(this)) reach('send:done');
};
socket.read = function (...args) {
  const chunk = (read === undefined ? Duplex.prototype.read : read).apply(this, args);
  if (chunk !== null && opened.has(this)) reach('answer:arrived');
  return chunk;
};

// ---- the files ----

const { open, rename } = fsp;
const { openSync, writeSync, renameSync, unlinkSync } = fs;
const isUnfinished = (file) => /^\.shotlist-.*\.tmp$/.test(path.basename(String(file)));
const isSpool = (file) => /[/\\]spool[/\\]/.test(String(file));

fsp.open = async (file, ...rest) => {
  const handle = await open(file, ...rest);
  if (!isUnfinished(file)) return handle;
  reach('file:opened');
  const writeFile = handle.writeFile.bind(handle);
  handle.writeFile = async (data) => {
    if (step !== 'file:half') return writeFile(data);
    const bytes = Buffer.from(data);
    await writeFile(bytes.subarray(0, bytes.length >> 1));
    reach('file:half');
    await writeFile(bytes.subarray(bytes.length >> 1));
  };
  return handle;
};
fsp.rename = async (from, to) => {
  if (isUnfinished(from)) reach('file:written');
  await rename(from, to);
  if (isUnfinished(from)) reach('file:renamed');
};

const spooling = new Set();
fs.openSync = (file, ...rest) => {
  const descriptor = openSync(file, ...rest);
  if (String(file).endsWith('.part')) {
    spooling.add(descriptor);
    reach('spool:opened');
  }
  return descriptor;
};
fs.writeSync = (descriptor, data, ...rest) => {
  if (!spooling.delete(descriptor) || step !== 'spool:half') return writeSync(descriptor, data, ...rest);
  writeSync(descriptor, data.slice(0, data.length >> 1));
  reach('spool:half');
  return writeSync(descriptor, data.slice(data.length >> 1));
};
fs.renameSync = (from, to) => {
  if (isSpool(to)) reach('spool:written');
  renameSync(from, to);
  if (isSpool(to)) reach('spool:renamed');
};
fs.unlinkSync = (file) => {
  const isOwnLock = locked && /[/\\]runs[/\\]/.test(String(file));
  if (isSpool(file)) reach('spool:taken');
  if (isOwnLock) reach('unlock:begun');
  unlinkSync(file);
  if (isSpool(file)) reach('spool:removed');
  if (isOwnLock) reach('unlock:done');
};
syncBuiltinESMExports();
