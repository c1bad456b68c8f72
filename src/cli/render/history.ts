import pc from 'picocolors';
import type {
  AttemptOutcome,
  ClipDecision,
  LedgerEntry,
  LedgerEvent,
  Resolution,
  SavedFile,
  TaskUpdate,
} from '../../ledger/ledger.ts';
import { columns, localTime, money, type TextView } from './text.ts';

export interface HistoryView extends TextView {
  /** Entries of the key's requests in the ledger now. */
  readonly entries: readonly LedgerEntry[];
}

/** The life of a request for people: one line for each event, the requests of one key apart. */
export function renderHistory(
  key: string,
  events: readonly LedgerEvent[],
  { color, timeZone, entries }: HistoryView,
): string {
  const colors = pc.createColors(color);
  if (events.length === 0) return `${colors.bold(key)}  nothing was sent yet\n`;
  const fingerprints = [...new Set(events.map(({ fingerprint }) => fingerprint))];
  return fingerprints
    .map((fingerprint) => {
      const own = events.filter((event) => event.fingerprint === fingerprint);
      const name = own[0]?.key ?? key;
      const also = name === key ? '' : colors.dim(`, once ${key}`);
      return (
        `${colors.bold(name)}${also}  ${colors.dim(fingerprint.slice(0, 19))}\n` +
        columns([
          ...own.map((event) => [colors.dim(localTime(event.at, timeZone)), what(event), details(event)]),
          ...unanswered(own, entries, fingerprint),
        ])
      );
    })
    .join('\n');
}

/** A claim without an answer is a fact as well: whoever made it is dead, or still at it. */
function unanswered(
  events: readonly LedgerEvent[],
  entries: readonly LedgerEntry[],
  fingerprint: string,
): readonly (readonly string[])[] {
  const entry = entries.find((each) => each.fingerprint === fingerprint);
  const last = events.findLast((event) => event.type === 'claimed');
  if (entry === undefined || last === undefined) return [];
  const isAnswered = events.some((event) => event.type === 'settled' && event.attempt === last.attempt);
  if (isAnswered) return [];
  if (entry.state === 'sending') return [['now', `attempt ${last.attempt}`, 'is being sent by that run']];
  if (entry.state !== 'inDoubt') return [];
  return [
    [
      'since then',
      'in doubt',
      `that run ended, or was killed, before an answer to attempt ${last.attempt} was recorded`,
    ],
  ];
}

function what(event: LedgerEvent): string {
  switch (event.type) {
    case 'claimed':
      return `attempt ${event.attempt}`;
    case 'settled':
      return `answer ${event.attempt}`;
    case 'resolved':
      return event.isCorrection === true ? 'corrected' : 'settled';
    case 'task':
      return event.update.status;
    case 'adopted':
      return 'renamed';
    case 'saved':
      return 'saved';
    case 'inspected':
      return 'looked at';
    case 'clipGivenUp':
      return 'clip given up';
    case 'picked':
    case 'rejected':
    case 'noted':
      return event.type;
    case 'cleared':
      return 'taken back';
  }
}

function details(event: LedgerEvent): string {
  switch (event.type) {
    case 'claimed': {
      const cost = event.price === null ? 'no price' : money(event.price, event.currency);
      return `${cost}, by ${event.by ?? 'somebody'} in run ${event.runId}`;
    }
    case 'settled':
      return answer(event.outcome);
    case 'resolved':
      return `${decisionText(event.resolution)}, by ${event.by}`;
    case 'task':
      return taskDetails(event.update);
    case 'adopted':
      return event.from.project === event.to.project
        ? `${event.from.key} to ${event.to.key}, by ${event.by}`
        : `project ${event.from.project} to ${event.to.project}, by ${event.by}`;
    case 'saved':
      return [event.file.path, mediaText(event.file)].filter((part) => part !== '').join(', ');
    case 'inspected':
      return event.qc.length === 0 ? 'nothing found' : event.qc.join('; ');
    case 'clipGivenUp':
      return `task ${event.taskId}, by ${event.by}`;
    case 'picked':
    case 'rejected':
    case 'noted':
    case 'cleared':
      return `${clipDecision(event)}task ${event.taskId}, by ${event.by}`;
  }
}

/** Words on a decision about a clip, with a separator behind them; empty for a pick without a note. */
function clipDecision(said: ClipDecision): string {
  if (said.type === 'cleared') return `no longer ${said.what}; `;
  const reason = said.type === 'rejected' ? said.reason : '';
  const words = [reason, said.note === null ? '' : `“${said.note}”`].filter((part) => part !== '');
  return words.length === 0 ? '' : `${words.join(', ')}; `;
}

function taskDetails({ taskId, error, providerAmount }: TaskUpdate): string {
  const amount = providerAmount === undefined ? '' : `, the provider's amount ${providerAmount}`;
  return `task ${taskId}${amount}${error === null ? '' : `: ${error}`}`;
}

/** `1280 × 720, 24 frames a second, 5.04 s, avc, aac` */
function mediaText({ seconds, media }: SavedFile): string {
  if (media === undefined) return '';
  const { width, height, fps, videoCodec, audioCodec } = media;
  return [
    width === null || height === null ? null : `${width} × ${height}`,
    fps === null ? null : `${fps} frames a second`,
    seconds === null ? null : `${seconds} s`,
    videoCodec,
    audioCodec,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function answer(outcome: AttemptOutcome): string {
  switch (outcome.kind) {
    case 'accepted':
      return `accepted: task ${outcome.taskId}, ${outcome.status}${outcome.error === null ? '' : `: ${outcome.error}`}`;
    case 'notSent':
      return `not sent: ${outcome.error}`;
    case 'throttled':
      return `asked to wait: ${outcome.error}`;
    case 'refused':
      return `refused: ${outcome.error}`;
    case 'inDoubt':
      return `in doubt: ${outcome.error}`;
  }
}

/** Says what a person decided, as it stands behind a request. */
export function decisionText(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'taskId':
      return `found as task ${resolution.taskId}`;
    case 'notSubmitted':
      return 'found not to have been submitted';
    case 'abandoned':
      return 'given up';
    case 'reopened':
      return 'taken back: in doubt again';
  }
}
