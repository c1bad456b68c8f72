import type { Redact } from '../core/redact.ts';
import type { TaskStatus } from '../core/task-status.ts';
import { basePath, defaultBaseUrl, likelyBaseUrl } from './base-url.ts';
import { type Envelope, readEnvelope, type StatusWords } from './envelope.ts';
import { cleanEnvelope } from './outside.ts';
import type { CreateOutcome, QueryOutcome } from './provider.ts';
import { retryAfterMs } from './retry-after.ts';
import { spokenText, withoutStatus } from './spoken-text.ts';

/** A whole answer of the provider. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The facts that reading an answer needs besides the answer. */
export interface AnswerContext {
  readonly baseUrl: URL;
  readonly redact: Redact;
  /** Milliseconds since the epoch, for a `Retry-After` that names a date. */
  readonly now: number;
  /** Words of the model's own for statuses, in lower case. */
  readonly statuses?: StatusWords | undefined;
}

/** Reads an answer to a create by the contract's table. Pure; never throws, whatever the text. */
export function readCreateAnswer(answer: Answer, context: AnswerContext): CreateOutcome {
  const read = readAnswer(answer, context);
  return firstRow(createTable, read)(read);
}

/** Reads an answer to a query of `taskId`. Pure; never throws, whatever the text. */
export function readQueryAnswer(taskId: string, answer: Answer, context: AnswerContext): QueryOutcome {
  const read = readAnswer(answer, context);
  return firstRow(queryTable, read)(read, taskId);
}

/** An answer, read as far as one can without judging it. */
interface Read {
  readonly status: number;
  /** Null where the body is not a JSON object. */
  readonly envelope: Envelope | null;
  /** The envelope of a 2xx answer that states an error and no task id: only there one speaks for the HTTP status. */
  readonly verdict: Envelope | null;
  /** The provider's own words, on one line and without secrets; empty where it says nothing. */
  readonly said: string;
  /** The same, with the HTTP status before it. */
  readonly saidWithStatus: string;
  /** The provider's own code where it gives one, `http422` and the like otherwise. */
  readonly code: string;
  readonly retryAfterMs: number | null;
  readonly location: string | null;
  readonly baseUrl: URL;
  /** Makes any other text of the answer fit to be shown. */
  readonly show: (text: string) => string;
}

function readAnswer(
  { status, headers, body }: Answer,
  { baseUrl, redact, now, statuses }: AnswerContext,
): Read {
  const stated = readEnvelope(body, statuses);
  const envelope = stated === null ? null : cleanEnvelope(stated, redact);
  const speaks = status >= 200 && status < 300 && envelope?.taskId === null && saysError(envelope);
  const show = (text: string): string => spokenText(text, redact);
  return {
    status,
    envelope,
    verdict: speaks ? envelope : null,
    // Most answers are acceptances, which need no words.
    get said() {
      return show(envelope?.error ?? envelope?.message ?? body);
    },
    get saidWithStatus() {
      return this.said === '' ? `HTTP ${status}` : `HTTP ${status}: ${withoutStatus(this.said, status)}`;
    },
    get code() {
      return show(envelope?.errorCode ?? '').slice(0, 64) || `http${status}`;
    },
    get retryAfterMs() {
      return retryAfterMs(headers['retry-after'], now);
    },
    get location() {
      const location = headers['location'];
      return location === undefined ? null : show(String(location).replace(/[?#][\s\S]*$/, ''));
    },
    baseUrl,
    show,
  };
}

/** The first row whose condition holds decides; the last row of a table has none. */
type Table<Decide> = readonly (readonly [applies: (read: Read) => boolean, decide: Decide])[];

function firstRow<Decide>(table: Table<Decide>, read: Read): Decide {
  const row = table.find(([applies]) => applies(read)) ?? table.at(-1);
  if (row === undefined) throw new Error('a table without rows');
  return row[1];
}

const createTable: Table<(read: Read) => CreateOutcome> = [
  [({ envelope }) => typeof envelope?.taskId === 'string', accepted],
  [isKeyRefused, keyRefused],
  [isBalanceEmpty, balanceEmpty],
  [({ status }) => status === 403, forbidden],
  [({ status }) => status === 407, proxyRefused],
  [isWrongBaseUrl, wrongBaseUrl],
  [isThrottled, throttled],
  [({ status }) => status >= 400 && status < 500 && status !== 408, refused],
  [({ verdict }) => verdict !== null, refused],
  [() => true, inDoubt],
];

const queryTable: Table<(read: Read, taskId: string) => QueryOutcome> = [
  [isTask, task],
  [({ status }) => status === 407, proxyRefused],
  [isWrongBaseUrlOfQuery, wrongBaseUrl],
  [isUnknownTask, ({ code, saidWithStatus }) => ({ kind: 'notFound', code, error: saidWithStatus })],
  [() => true, transient],
];

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The gateway checks the login with HTTP 200 and code 204, whose message says so. */
function isKeyRefused({ status, verdict }: Read): boolean {
  if (status === 401 || verdict?.errorCode === '401') return true;
  return verdict?.errorCode === '204' && /登录|登陆|log[- ]?in/i.test(wordsOf(verdict));
}

function isBalanceEmpty({ status, verdict }: Read): boolean {
  return status === 402 || verdict?.errorCode === '402';
}

function isThrottled({ status, verdict }: Read): boolean {
  return status === 429 || verdict?.errorCode === '429';
}

function isWrongBaseUrl(read: Read): boolean {
  const { status } = read;
  return (status >= 300 && status < 400) || status === 404 || status === 405 || isNoHandler(read);
}

/** A query answers 404 for a task that is unknown, too; only the gateway's own words tell the two apart. */
function isWrongBaseUrlOfQuery(read: Read): boolean {
  const { status } = read;
  const noHandler = isNoHandler(read) || (status === 404 && /no handler found/i.test(read.said));
  return (status >= 300 && status < 400) || status === 405 || noHandler;
}

function isNoHandler({ verdict }: Read): boolean {
  return verdict !== null && /no handler found/i.test(wordsOf(verdict));
}

function isUnknownTask({ status, verdict }: Read): boolean {
  return status === 404 || status === 410 || verdict?.errorCode === '404';
}

/** An error that the answer states. A success code beside it contradicts it, and then nothing is certain. */
function saysError(envelope: Envelope | null): boolean {
  return envelope !== null && !envelope.success && (envelope.errorCode !== null || envelope.error !== null);
}

function wordsOf({ error, message }: Envelope): string {
  return `${error ?? ''} ${message ?? ''}`;
}

/** Something is known of the task: an id, a status or a result. */
function isTask({ status, envelope }: Read): boolean {
  if (!isSuccess(status) || envelope === null) return false;
  if (envelope.status !== null || envelope.taskId !== null) return true;
  return envelope.unknownStatus !== null && !saysError(envelope);
}

function accepted({ envelope, show }: Read): CreateOutcome {
  const told = envelope?.status ?? (envelope?.unknownStatus == null ? 'queued' : 'processing');
  // "Success" in the answer to a create is that of the create, unless there is a clip already.
  const isOfCreate = told === 'completed' && envelope?.otherWord != null && envelope.videoUrl === null;
  const status = isOfCreate ? 'processing' : told;
  return {
    kind: 'accepted',
    taskId: envelope?.taskId ?? '',
    status,
    error: wordsOfTask(envelope, status, show),
  };
}

/** Collects the words about a task beside its status. One that ended in another word than "failed" keeps that word. */
function wordsOfTask(
  envelope: Envelope | null,
  status: TaskStatus,
  show: (text: string) => string,
): string | null {
  const words = envelope?.error ?? (status === 'failed' ? envelope?.message : null) ?? null;
  const word = status === 'failed' ? (envelope?.otherWord ?? null) : null;
  const said = words === null ? null : show(words);
  if (word === null || said?.toLowerCase().includes(word.toLowerCase())) return said;
  return said === null ? show(word) : `${show(word)}: ${said}`;
}

function task({ envelope, show }: Read, taskId: string): QueryOutcome {
  const unknownStatus = envelope?.unknownStatus == null ? null : show(envelope.unknownStatus);
  const videoUrl = envelope?.videoUrl ?? null;
  // A clip that is there is worth more than a word that nobody knows: its URL dies within a day.
  const status =
    envelope?.status ?? (unknownStatus !== null && videoUrl !== null ? 'completed' : 'processing');
  const { amount = null, model = null, createdAt = null } = envelope ?? {};
  return {
    kind: 'task',
    taskId,
    status,
    unknownStatus,
    error: wordsOfTask(envelope, status, show),
    videoUrl,
    actualDuration: envelope?.actualDuration ?? null,
    ...(amount === null ? {} : { amount: typeof amount === 'string' ? show(amount) : amount }),
    ...(model === null ? {} : { model: show(model) }),
    ...(createdAt === null ? {} : { createdAt }),
  };
}

function keyRefused({ saidWithStatus }: Read): CreateOutcome {
  return {
    kind: 'stop',
    code: 'keyRefused',
    error: `the provider refused the key (${saidWithStatus})`,
    help: 'check SHOTLIST_API_KEY, in the environment or in .env: the whole key as the provider shows it, without quotes and without the word Bearer; then run again',
  };
}

function balanceEmpty({ saidWithStatus }: Read): CreateOutcome {
  return {
    kind: 'stop',
    code: 'balanceEmpty',
    error: `the account has no balance left (${saidWithStatus})`,
    help: 'top up the account that the key belongs to, then run again: what was not sent is sent then',
  };
}

function forbidden({ saidWithStatus }: Read): CreateOutcome {
  return {
    kind: 'forbidden',
    code: 'http403',
    error: `the provider forbids it (${saidWithStatus})`,
    help: 'ask the provider whether the key of SHOTLIST_API_KEY is active and which models and addresses it is for; then run again',
  };
}

function proxyRefused({ saidWithStatus }: Read): CreateOutcome & QueryOutcome & { kind: 'stop' } {
  return proxyRefusal(`the proxy refused (${saidWithStatus})`);
}

/** A proxy that does not let anything through, whether it says so before or after a connection came to be. */
export function proxyRefusal(error: string): CreateOutcome & QueryOutcome & { kind: 'stop' } {
  return {
    kind: 'stop',
    code: 'proxyRefused',
    error,
    help: 'check HTTPS_PROXY (host, port, user name, password), or name the host in NO_PROXY if it needs no proxy',
  };
}

function wrongBaseUrl(read: Read): CreateOutcome & QueryOutcome & { kind: 'stop' } {
  const { baseUrl, status, location, saidWithStatus } = read;
  const used = `${baseUrl.origin}${basePath(baseUrl)}`;
  const moved = status >= 300 && status < 400 && location !== null ? `: it points to ${location}` : '';
  const likely = likelyBaseUrl(baseUrl);
  const advice =
    likely === null
      ? `a base URL looks like ${defaultBaseUrl}: the service prefix once, and no /v1 behind it`
      : `did you mean ${likely} ?`;
  return {
    kind: 'stop',
    code: 'wrongBaseUrl',
    error: `there is no such API at ${used}${moved} (${saidWithStatus})`,
    help: `${advice}; set it with SHOTLIST_BASE_URL or --base-url`,
  };
}

function throttled({ saidWithStatus, retryAfterMs }: Read): CreateOutcome {
  return { kind: 'throttled', code: 'http429', error: saidWithStatus, retryAfterMs };
}

function refused({ status, code, said }: Read): CreateOutcome {
  return { kind: 'refused', code, error: said === '' ? `HTTP ${status} without a reason` : said };
}

function inDoubt({ status, envelope, said, saidWithStatus }: Read): CreateOutcome {
  if (!isSuccess(status)) {
    const error =
      said === ''
        ? `HTTP ${status} without a reason, which leaves open whether a task was made`
        : saidWithStatus;
    return { kind: 'inDoubt', code: `http${status}`, error };
  }
  if (envelope === null) {
    return {
      kind: 'inDoubt',
      code: 'unreadableAnswer',
      error: `not an answer of this API: ${saidWithStatus}`,
    };
  }
  const what = envelope.success ? 'success without a task id' : 'an answer without a task id';
  return { kind: 'inDoubt', code: 'noTaskId', error: `${what}: ${saidWithStatus}` };
}

function transient(read: Read): QueryOutcome {
  const { status, envelope, code, saidWithStatus, retryAfterMs } = read;
  const unreadable = isSuccess(status) && envelope === null;
  return {
    kind: 'transient',
    code: unreadable ? 'unreadableAnswer' : isKeyRefused(read) ? 'keyRefused' : code,
    error: saidWithStatus,
    retryAfterMs,
  };
}
