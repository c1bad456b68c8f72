import type { Setting, Stage, Step } from './step.ts';
import type { WirePoint } from './wire.ts';

const plain: Setting = { args: [], fault: {}, spooled: false, firstRelease: false };

type Outcome = Pick<Step, 'billed' | 'states' | 'next'>;
const untouched: Outcome = { billed: false, states: ['pending'], next: ['sends it'] };
const unbilledDoubt: Outcome = { billed: false, states: ['inDoubt'], next: ['leaves it in doubt'] };
const billedDoubt: Outcome = { billed: true, states: ['inDoubt'], next: ['leaves it in doubt'] };
const recorded: Outcome = { billed: true, states: ['queued'], next: ['has its id'] };
const perhapsRecorded: Outcome = {
  billed: true,
  states: ['inDoubt', 'queued'],
  next: ['leaves it in doubt', 'has its id'],
};

const eachRequest = { nths: [1, 2, 3, 1, 2], many: [1, 8, 4, 2], subject: 'nth', setting: plain } as const;
/** Requests in flight share their commits, so there are fewer of those. */
const eachCommit = { ...eachRequest, many: [1, 2, 1, 2] } as const;
/** Connections are kept, so one at a time makes one connection. */
const eachConnection = { ...eachRequest, nths: [1, 1, 1] } as const;
const onceBefore = { nths: [1, 1, 1], many: [1, 1], subject: 'first', setting: plain } as const;
const onceAfter = {
  nths: [1, 1, 1],
  many: [1],
  subject: 'last',
  setting: { ...plain, args: ['--limit', '3'] },
} as const;
const eachReport = { ...onceAfter, nths: [1, 2, 1], many: [] } as const;
const journal = {
  ...onceAfter,
  many: [],
  setting: { ...plain, args: ['--limit', '3', '--no-report', '--journal', 'm.ledger.jsonl'] },
} as const;
/** A note that was not written is written by the next run at its start, before anything is sent. */
const unnoted = { ...journal, nths: [1] } as const;
const firstRelease = { ...onceBefore, many: [], setting: { ...plain, firstRelease: true } } as const;
const spool = {
  nths: [1, 1, 1],
  many: [],
  subject: 'first',
  setting: { ...plain, fault: { refuse: 'answer' } },
} as const;
const spooled = {
  nths: [1, 1, 1],
  many: [],
  subject: 'first',
  setting: { ...plain, spooled: true },
} as const;

export const steps: readonly Step[] = [
  inProcess(
    'before the claim',
    'with the life lock taken, before the run is registered',
    'lock:taken',
    onceBefore,
    untouched,
  ),
  inProcess(
    'before the claim',
    'amid the transaction that reserves the plan',
    'run:written',
    onceBefore,
    untouched,
  ),
  inProcess('before the claim', 'with the plan reserved', 'run:committed', onceBefore, untouched),
  inProcess(
    'before the claim',
    'before anything of the claim is written',
    'claim:begun',
    eachCommit,
    untouched,
  ),
  inProcess('the claim', 'with the claim written and not committed', 'claim:written', eachCommit, untouched),
  inProcess('the claim', 'amid the commit of the claim, at any moment of it', 'claim:commit', eachCommit, {
    billed: false,
    states: ['pending', 'inDoubt'],
    next: ['sends it', 'leaves it in doubt'],
  }),
  inProcess('the claim', 'with the claim committed', 'claim:committed', eachCommit, unbilledDoubt),
  inProcess('the way out', 'as it begins to connect', 'connect:begun', eachConnection, unbilledDoubt),
  onWire('connected', 'as the other side sees the connection', eachConnection, unbilledDoubt),
  inProcess('the way out', 'connected, before the first byte', 'send:begun', eachRequest, unbilledDoubt),
  inProcess('the way out', 'between head and body', 'send:head', eachRequest, unbilledDoubt),
  onWire('firstByte', 'after the first byte', eachRequest, unbilledDoubt),
  onWire('amidHead', 'amid the head', eachRequest, unbilledDoubt),
  onWire('wholeHead', 'after the head, before the body', eachRequest, unbilledDoubt),
  onWire('amidBody', 'amid the body', eachRequest, unbilledDoubt),
  onWire('lastByteMissing', 'before the last byte of the body', eachRequest, unbilledDoubt),
  inProcess(
    'the way out',
    'with the whole request handed to the system',
    'send:done',
    eachRequest,
    billedDoubt,
  ),
  onWire('wholeRequest', 'after the body, before the answer', eachRequest, billedDoubt),
  onWire('answered', 'with the answer on its way', eachRequest, billedDoubt),
  onWire('answerFirstByte', 'after the first byte of the answer', eachRequest, billedDoubt),
  onWire('amidAnswer', 'amid the answer', eachRequest, billedDoubt),
  onWire('answerLastByteMissing', 'before the last byte of the answer', eachRequest, billedDoubt),
  onWire('wholeAnswer', 'as the last byte of the answer arrives', eachRequest, perhapsRecorded),
  inProcess(
    'recording the id',
    'with the answer arrived and not read',
    'answer:arrived',
    eachRequest,
    billedDoubt,
  ),
  inProcess(
    'recording the id',
    'with the answer understood, before it is written',
    'answer:begun',
    eachCommit,
    billedDoubt,
  ),
  inProcess(
    'recording the id',
    'with the id written and not committed',
    'answer:written',
    eachCommit,
    billedDoubt,
  ),
  inProcess(
    'recording the id',
    'amid the commit of the id, at any moment of it',
    'answer:commit',
    eachCommit,
    perhapsRecorded,
  ),
  inProcess('recording the id', 'with the id committed', 'answer:committed', eachCommit, recorded),
  inProcess(
    'the end of the run',
    'before the end of the run is committed',
    'end:written',
    onceAfter,
    recorded,
  ),
  inProcess('the end of the run', 'with the end of the run committed', 'end:committed', onceAfter, recorded),
  inProcess('the end of the run', 'before the life lock is removed', 'unlock:begun', onceAfter, recorded),
  inProcess('the end of the run', 'with the life lock removed', 'unlock:done', onceAfter, recorded),
  inProcess(
    'the end of the run',
    'before the log is folded into the file',
    'checkpoint:begun',
    onceAfter,
    recorded,
  ),
  inProcess(
    'the end of the run',
    'with the log folded into the file',
    'checkpoint:done',
    onceAfter,
    recorded,
  ),
  inProcess('the end of the run', 'before a byte of the report', 'file:opened', eachReport, recorded),
  inProcess('the end of the run', 'amid the report', 'file:half', eachReport, recorded),
  inProcess(
    'the end of the run',
    'with the report written under its temporary name',
    'file:written',
    eachReport,
    recorded,
  ),
  inProcess('the end of the run', 'with the report under its own name', 'file:renamed', eachReport, recorded),
  inProcess(
    'the end of the run',
    'amid the note that the journal is complete',
    'file:half',
    unnoted,
    recorded,
  ),
  inProcess(
    'the end of the run',
    'with that note written under its temporary name',
    'file:written',
    unnoted,
    recorded,
  ),
  inProcess('the end of the run', 'with that note under its own name', 'file:renamed', journal, recorded),
  inProcess(
    'the ledger itself',
    'while a new ledger is made, before a version is committed',
    'migration:written',
    { ...onceBefore, nths: [1, 2, 1, 2, 1], many: [] },
    untouched,
  ),
  inProcess(
    'the ledger itself',
    'while a new ledger is made, after each version',
    'migration:committed',
    { ...onceBefore, many: [] },
    untouched,
  ),
  inProcess(
    'the ledger itself',
    'amid the migration of a ledger of the first release',
    'migration:written',
    { ...firstRelease, nths: [1, 1, 1, 1] },
    untouched,
  ),
  inProcess(
    'the ledger itself',
    'right after the migration of a ledger of the first release',
    'migration:committed',
    { ...firstRelease, nths: [1] },
    untouched,
  ),
  inProcess(
    'when the ledger takes no more',
    'before a byte of the spool file',
    'spool:opened',
    spool,
    billedDoubt,
  ),
  inProcess('when the ledger takes no more', 'amid the spool file', 'spool:half', spool, billedDoubt),
  inProcess(
    'when the ledger takes no more',
    'with the spool file under its temporary name',
    'spool:written',
    spool,
    billedDoubt,
  ),
  inProcess(
    'when the ledger takes no more',
    'with the spool file in its place',
    'spool:renamed',
    { ...spool, nths: [1] },
    {
      ...billedDoubt,
      next: ['takes its id in from the spool'],
    },
  ),
  inProcess(
    'when the ledger takes no more',
    'at the next start, before the spool is taken in',
    'answer:written',
    { ...spooled, nths: [1] },
    {
      ...billedDoubt,
      next: ['takes its id in from the spool'],
    },
  ),
  inProcess(
    'when the ledger takes no more',
    'with the spool taken in and its file still there',
    'spool:taken',
    spooled,
    recorded,
  ),
  inProcess('when the ledger takes no more', 'with the spool file gone', 'spool:removed', spooled, recorded),
];

type Occurrence = Pick<Step, 'nths' | 'many' | 'subject' | 'setting'>;

function inProcess(
  stage: Stage,
  name: string,
  process: string,
  occurrence: Occurrence,
  outcome: Outcome,
): Step {
  return { stage, name, at: { process }, ...occurrence, ...outcome };
}

function onWire(wire: WirePoint, name: string, occurrence: Occurrence, outcome: Outcome): Step {
  const stage = /answer/i.test(wire) ? 'the answer' : 'the way out';
  return { stage, name, at: { wire }, ...occurrence, ...outcome };
}
