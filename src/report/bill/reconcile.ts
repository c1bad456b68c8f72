import type { BillLine, BillMatch, KnownAttempt, MatchReason, Reconciliation, TaskCharge } from './model.ts';

/**
 * The time that a bill's line may be from a claim, in milliseconds: the claim is written first, the call may wait two
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
  const open = attempts.filter(({ standing }) => standing !== 'billed' && standing !== 'none');
  const proposed = propose(left, open);
  const isProposed = new Set(proposed.map(({ line }) => line));
  const others = left.filter((line) => !isProposed.has(line));
  const ambiguous = others.flatMap((line) => {
    const like = open.filter((attempt) => reasons.some((reason) => fits(line, attempt, reason)));
    return like.length === 0 ? [] : [{ line, attempts: like }];
  });
  const isLike = new Set(ambiguous.map(({ line }) => line));
  const told = new Set([
    ...[...matched, ...proposed].map(({ attempt }) => attempt),
    ...ambiguous.flatMap(({ attempts: like }) => like),
  ]);
  const covers = coverage(lines);
  const missing = attempts.filter((attempt) => !told.has(attempt) && covers(attempt.claimedAt));
  const billed = billedTasks(matched);
  return {
    ...{ matched, proposed, ambiguous },
    unknown: others.filter((line) => !isLike.has(line)),
    notBilled: missing.filter(({ standing }) => standing === 'billed'),
    unmatchedDoubts: missing.filter(({ standing }) => standing === 'inDoubt'),
    billedThoughFailed: billed.filter(({ attempt, charged }) => attempt.failed && charged !== 0),
    priceDrift: billed.filter(({ attempt, charged }) => drifts(charged, attempt.price)),
  };
}

/** The surest first. */
const reasons = ['id', 'timeModelPrompt', 'modelPrompt', 'timeModel'] as const;

/**
 * Pairs lines with requests that nobody knows the task of, the surest first, each once. Where two lines fit one request
 * equally well, or two requests one line, nothing is proposed: a person has to look.
 */
function propose(lines: readonly BillLine[], doubts: readonly KnownAttempt[]): readonly BillMatch[] {
  const open = { lines: new Set(lines), doubts: new Set(doubts) };
  const proposed: BillMatch[] = [];
  for (const reason of reasons) {
    const pairs = [...open.lines].flatMap((line) =>
      [...open.doubts]
        .filter((attempt) => fits(line, attempt, reason))
        .map((attempt) => ({ line, attempt, by: reason })),
    );
    const claims = new Map<BillLine | KnownAttempt, number>();
    for (const { line, attempt } of pairs) {
      for (const side of [line, attempt]) claims.set(side, (claims.get(side) ?? 0) + 1);
    }
    for (const pair of pairs) {
      if (claims.get(pair.line) !== 1 || claims.get(pair.attempt) !== 1) continue;
      proposed.push(pair);
      open.lines.delete(pair.line);
      open.doubts.delete(pair.attempt);
    }
  }
  return proposed;
}

/** Adds up the lines of each task: what is given back is another line. */
function billedTasks(matched: readonly BillMatch[]): readonly TaskCharge[] {
  const byAttempt = new Map<KnownAttempt, BillMatch[]>();
  for (const match of matched) byAttempt.set(match.attempt, [...(byAttempt.get(match.attempt) ?? []), match]);
  return [...byAttempt.values()].flatMap((of) => {
    const [first] = of;
    return first === undefined ? [] : [{ ...first, charged: chargedBy(of.map(({ line }) => line)) }];
  });
}

function chargedBy(lines: readonly BillLine[]): number | null {
  let charged = 0;
  for (const line of lines) {
    const number = line.amount === null ? null : numberIn(line.amount);
    const isBack = line.status !== null && givenBack.test(line.status);
    // A line alone that speaks of money given back says that nothing was paid in the end.
    if (isBack && lines.length === 1) return 0;
    if (number === null) return null;
    charged += isBack ? -Math.abs(number) : lines.length === 1 ? Math.abs(number) : number;
  }
  return Math.abs(Math.round(charged * 1e9) / 1e9);
}

/** Words for money that was not taken, or was given back. */
const givenBack = /refund|free|退款|退还|返还|免费/i;

function fits(line: BillLine, attempt: KnownAttempt, reason: MatchReason): boolean {
  if (line.model !== null && line.model !== attempt.model) return false;
  const time = line.at === null ? null : isNear(line.at, attempt.claimedAt);
  const prompt = line.prompt === null ? null : isSamePrompt(line.prompt, attempt.prompt);
  // A fact of the line that does not fit speaks against it, whatever else fits.
  if (time === false || prompt === false) return false;
  switch (reason) {
    case 'timeModelPrompt':
      return time === true && prompt === true;
    case 'modelPrompt':
      return prompt === true;
    case 'timeModel':
      return time === true && line.model !== null;
    case 'id':
      return line.taskId !== null && namesId(attempt.error ?? '', line.taskId);
  }
}

/** True where the part of an answer that came holds an id, whole. */
function namesId(text: string, id: string): boolean {
  const at = text.indexOf(id);
  return at !== -1 && !/[\w-]/.test(text[at - 1] ?? '') && !/[\w-]/.test(text[at + id.length] ?? '');
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

/** True for times from the first to the last that the bill names; for all where it names none. */
function coverage(lines: readonly BillLine[]): (time: number) => boolean {
  const times = lines.flatMap(({ at }) => (at === null ? [] : [at]));
  if (times.length === 0) return () => true;
  const [first, last] = times.reduce(
    ([least, most], at) => [Math.min(least, at), Math.max(most, at)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return (time) => time >= first - nearMs.after && time <= last + nearMs.before;
}

function drifts(charged: number | null, price: number | null): boolean {
  return charged !== null && price !== null && Math.abs(charged - price) > 1e-9;
}

/** The number of an amount such as `5`, `-0.32` or `¥7.00`; null where it is none. */
export function numberIn(amount: string): number | null {
  const found = /^[^\d-]*(-?\d+(?:\.\d+)?)\D*$/.exec(amount.replace(/,(?=\d{3})/g, '').trim());
  return found === null ? null : Number(found[1]);
}
