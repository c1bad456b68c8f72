import type { BillLine, BillMatch, KnownAttempt, MatchReason, Reconciliation } from './model.ts';

/**
 * How far a provider's time may be from a claim's, in milliseconds: the claim is written first, the call may wait two
 * minutes for its answer, and clocks differ.
 */
const nearMs = { before: 2 * 60_000, after: 10 * 60_000 };

/** Consoles cut a prompt short; fewer characters than these tell nothing. */
const tellingLength = 12;

/** Holds a bill against what a ledger knows. Pure: it settles nothing. */
export function reconcile(lines: readonly BillLine[], attempts: readonly KnownAttempt[]): Reconciliation {
  const byId = new Map(
    attempts.flatMap((attempt) => (attempt.taskId === null ? [] : [[attempt.taskId, attempt]])),
  );
  const matched: BillMatch[] = [];
  const left: BillLine[] = [];
  for (const line of lines) {
    const attempt = line.taskId === null ? undefined : byId.get(line.taskId);
    if (attempt === undefined) left.push(line);
    else matched.push({ line, attempt, by: 'id' });
  }
  const proposed = propose(
    left,
    attempts.filter(({ standing }) => standing === 'inDoubt'),
  );
  const isProposed = new Set(proposed.map(({ line }) => line));
  const told = new Set([...matched, ...proposed].map(({ attempt }) => attempt));
  const covers = coverage(lines);
  const missing = attempts.filter((attempt) => !told.has(attempt) && covers(attempt.claimedAt));
  return {
    matched,
    proposed,
    unknown: left.filter((line) => !isProposed.has(line)),
    notBilled: missing.filter(({ standing }) => standing === 'billed'),
    unmatchedDoubts: missing.filter(({ standing }) => standing === 'inDoubt'),
    billedThoughFailed: matched.filter(({ attempt, line }) => attempt.failed && isBilled(line)),
    priceDrift: matched.filter(({ attempt, line }) => drifts(line.amount, attempt.price)),
  };
}

/**
 * Pairs lines with requests in doubt, the surest first, each once. Where two lines fit one request equally well, or two
 * requests one line, nothing is proposed: a person has to look.
 */
function propose(lines: readonly BillLine[], doubts: readonly KnownAttempt[]): readonly BillMatch[] {
  const open = { lines: new Set(lines), doubts: new Set(doubts) };
  const proposed: BillMatch[] = [];
  for (const reason of ['timeModelPrompt', 'modelPrompt', 'timeModel'] as const) {
    const pairs = [...open.lines].flatMap((line) =>
      [...open.doubts]
        .filter((attempt) => fits(line, attempt, reason))
        .map((attempt) => ({ line, attempt, by: reason })),
    );
    for (const pair of pairs) {
      const rivals = pairs.filter(({ line, attempt }) => line === pair.line || attempt === pair.attempt);
      if (rivals.length > 1) continue;
      proposed.push(pair);
      open.lines.delete(pair.line);
      open.doubts.delete(pair.attempt);
    }
  }
  return proposed;
}

function fits(line: BillLine, attempt: KnownAttempt, reason: MatchReason): boolean {
  if (line.model !== null && line.model !== attempt.model) return false;
  const time = line.at === null ? null : isNear(line.at, attempt.claimedAt);
  const prompt = line.prompt === null ? null : isSamePrompt(line.prompt, attempt.prompt);
  // What a line says and does not fit speaks against it, whatever else fits.
  if (time === false || prompt === false) return false;
  switch (reason) {
    case 'timeModelPrompt':
      return time === true && prompt === true;
    case 'modelPrompt':
      return prompt === true;
    case 'timeModel':
      return time === true && line.model !== null;
    case 'id':
      return false;
  }
}

function isNear(at: number, claimedAt: number): boolean {
  return at >= claimedAt - nearMs.before && at <= claimedAt + nearMs.after;
}

function isSamePrompt(shown: string, sent: string): boolean {
  const [short, whole] = [plain(shown).replace(/(?:…|\.{3})$/, ''), plain(sent)];
  if (short === whole) return true;
  return short.length >= Math.min(tellingLength, whole.length) && whole.startsWith(short.trimEnd());
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** From the first to the last time that the bill names; everything where it names none. */
function coverage(lines: readonly BillLine[]): (time: number) => boolean {
  const times = lines.flatMap(({ at }) => (at === null ? [] : [at]));
  if (times.length === 0) return () => true;
  const [first, last] = times.reduce(
    ([least, most], at) => [Math.min(least, at), Math.max(most, at)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return (time) => time >= first - nearMs.after && time <= last + nearMs.before;
}

/** Whether a line says that something was paid: an amount of nothing, or a word for giving money back, says not. */
function isBilled({ amount, status }: BillLine): boolean {
  if (status !== null && /refund|free|退款|免费/i.test(status)) return false;
  return amount === null || numberIn(amount) !== 0;
}

function drifts(amount: string | null, price: number | null): boolean {
  const billed = amount === null ? null : numberIn(amount);
  return billed !== null && price !== null && Math.abs(Math.abs(billed) - price) > 1e-9;
}

/** The number of an amount such as `5`, `-0.32` or `¥7.00`; null where it is none. */
export function numberIn(amount: string): number | null {
  const found = /^[^\d-]*(-?\d+(?:\.\d+)?)\D*$/.exec(amount.replace(/,(?=\d{3})/g, '').trim());
  return found === null ? null : Number(found[1]);
}
