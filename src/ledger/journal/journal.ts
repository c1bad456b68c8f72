import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../core/canonical-json.ts';
import { LedgerError } from '../../core/errors.ts';
import { oddCharacterIn } from '../../core/outside-text.ts';
import { isRehearsalScope } from '../../core/rehearsal.ts';
import { parsedJson } from '../../core/untrusted-json.ts';
import { isDecision } from '../model/clip-decision.ts';
import { byTime, type JournalEvent } from './journal-event.ts';
import { parseEvent } from './journal-line.ts';

/**
 * The newest version of the format. Every line carries its own, so that lines of two journals can be merged by any means:
 * 1 is what the first release writes, 2 is for what it does not know, as what an event knew of others.
 */
const version = 2;

function versionOf(event: JournalEvent): number {
  const isNewer = event.type === 'clipGivenUp' || isDecision(event);
  return isNewer || newMembers.some((name) => name in event) ? 2 : 1;
}

/** Members of events that the first release does not know. */
const newMembers = ['causes', 'providerAmount', 'replaces'] as const;

/** A journal that was read. */
export interface Journal {
  readonly events: readonly JournalEvent[];
  /** Of the text as it was: the same text need not be taken in again. */
  readonly digest: string;
}

/**
 * The text of a journal: one event a line, in the order of time, each event once. The same events give the same text
 * wherever they are written.
 */
export function journalText(events: readonly JournalEvent[]): string {
  const lines: string[] = [];
  let last = '';
  for (const event of [...events].sort(byTime)) {
    if (event.id === last) continue;
    last = event.id;
    const { id, at, provider, ...rest } = event;
    lines.push(`${JSON.stringify({ v: versionOf(event), id, at, provider: hostOf(provider), ...rest })}\n`);
  }
  return lines.join('');
}

/**
 * Reads the text of a journal. The order of its lines, the kind of their ends and lines that are there twice do not
 * matter.
 *
 * @param file its name, for messages.
 * @throws LedgerError for every line that cannot be trusted, since what it held may have been paid for.
 */
export function readJournal(text: string, file: string): Journal {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const events = new Map<string, JournalEvent>();
  for (const [index, ended] of lines.entries()) {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
    if (line.trim() === '') continue;
    const place = `${file}, line ${index + 1}`;
    const event = readLine(line, place, index === lines.length - 1);
    events.set(event.id, event);
  }
  return { events: [...events.values()], digest: journalDigest(text) };
}

/** Hashes a journal's text; the ledger knows by it which journals it took in. */
export function journalDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const restore =
  'Get the whole file back with: git checkout -- <file>. To go on without it, add --no-journal: then what only it knows can be paid for again. Nothing was changed, and nothing was sent.';

function readLine(line: string, place: string, unended: boolean): JournalEvent {
  if (/^(<{7}|={7}|>{7}|\|{7})( |$)/.test(line)) {
    throw new LedgerError(`the journal has a merge conflict: ${place}`, {
      help: 'Keep the lines of both sides: delete only the lines that begin with <<<<<<<, =======, ||||||| or >>>>>>>. The line "*.ledger.jsonl merge=union" in .gitattributes lets git do that by itself. Nothing was changed, and nothing was sent.',
    });
  }
  const value = parseJson(line);
  if (value === undefined) {
    const what = unended ? 'ends in the middle of a line' : 'holds a line that is not whole';
    throw new LedgerError(`the journal ${what}: ${place}`, { help: restore });
  }
  const { v, provider, ...rest } = value;
  if (typeof v === 'number' && Number.isInteger(v) && v > version) {
    throw newer(place, v);
  }
  const event = parseEvent({ ...rest, provider: providerOf(provider) });
  // A version that this release never gives to such a line has a meaning of which it knows nothing.
  if (event !== undefined && v === version && versionOf(event) < version) throw newer(place, v);
  if (event === undefined || versionOf(event) !== v) {
    throw new LedgerError(`the journal holds a line that is no event: ${place}`, { help: restore });
  }
  if (event.id !== rest['id']) {
    throw new LedgerError(`the journal holds a line that was changed: ${place}`, { help: restore });
  }
  // A prompt is the manifest's, whose lint judges it.
  const odd = /\\|[^\x20-\x7e]/.test(line) ? oddCharacterIn(event, 'body') : null;
  if (odd !== null) {
    throw new LedgerError(`the journal holds a line with ${odd}, which no release writes: ${place}`, {
      help: `Somebody made it by hand, to be shown on a terminal. ${restore}`,
    });
  }
  return event;
}

function newer(place: string, found: number): LedgerError {
  return new LedgerError(
    `the journal was written by a newer release (${place}: version ${found}, this one knows ${version})`,
    { help: 'Install the release that the others use. Nothing was changed, and nothing was sent.' },
  );
}

function parseJson(line: string): JsonObject | undefined {
  const value = parsedJson(line);
  return isJsonObject(value) ? value : undefined;
}

/** A provider is an https origin or the rehearsals' word; a journal holds no URL. */
function hostOf(provider: string): string {
  return provider.replace(/^https:\/\//, '');
}

function providerOf(host: unknown): unknown {
  return typeof host !== 'string' || isRehearsalScope(host) ? host : `https://${host}`;
}
