/** The numbering of shots that have no ids: `sh{0010}` is sh0010, sh0020, and so on. */
export interface Numbering {
  readonly prefix: string;
  readonly suffix: string;
  /** Digits at least. */
  readonly width: number;
  /** The first number, and how far apart they are. */
  readonly step: number;
}

/** Reads a numbering; undefined for what is none, or would give no ids. */
export function parseNumbering(text: string): Numbering | undefined {
  const [, prefix = '', digits, suffix = ''] =
    /^([A-Za-z0-9._-]*)\{(\d{1,9})\}([A-Za-z0-9._-]*)$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) === 0 || /^[._-]/.test(prefix)) return undefined;
  if (prefix.length + digits.length + suffix.length > 56) return undefined;
  return { prefix, suffix, width: digits.length, step: Number(digits) };
}

/** A shot that has its number already. */
export interface NumberedShot {
  readonly id: string;
  /** Its prompt, as it is written and with what references stand for. */
  readonly prompts: readonly string[];
}

/**
 * The ids of the rows of one scene, in their order: a row that says what a shot says is that shot, wherever it stands now;
 * between such rows, as many rows as there are shots are those shots, edited; and else the most similar. What is left is
 * new, and gets a number between those of its neighbours, or a letter where there is none. A number that was given stays
 * given: it may have been paid for.
 *
 * @param known the scene's shots, in manifest order.
 */
export function numberRows(
  prompts: readonly string[],
  numbering: Numbering,
  known: readonly NumberedShot[],
): readonly string[] {
  const own = known.filter(({ id }) => numberOf(id, numbering) !== undefined);
  const ids: (string | undefined)[] = prompts.map(() => undefined);
  const free = new Map(own.map((shot) => [shot.id, shot]));
  const take = (row: number, id: string): void => {
    ids[row] = id;
    free.delete(id);
  };
  sameText(prompts, own, take);
  for (const { rows, shots } of gaps(ids, own, free)) {
    // Rows that moved make gaps that overlap.
    const left = shots.filter(({ id }) => free.has(id));
    pair(prompts, rows, left, take);
  }
  return withNew(ids, numbering, new Set(known.map(({ id }) => id)));
}

function sameText(
  prompts: readonly string[],
  own: readonly NumberedShot[],
  take: (row: number, id: string) => void,
): void {
  const byText = new Map<string, string[]>();
  for (const { id, prompts: texts } of own) {
    for (const text of new Set(texts.map(bare))) {
      if (text !== '') byText.set(text, [...(byText.get(text) ?? []), id]);
    }
  }
  const taken = new Set<string>();
  for (const [row, prompt] of prompts.entries()) {
    const id = byText.get(bare(prompt))?.find((each) => !taken.has(each));
    if (id === undefined) continue;
    taken.add(id);
    take(row, id);
  }
}

interface Gap {
  readonly rows: readonly number[];
  readonly shots: readonly NumberedShot[];
}

/** Rows and shots between neighbours that are known. */
function gaps(
  ids: readonly (string | undefined)[],
  own: readonly NumberedShot[],
  free: ReadonlyMap<string, NumberedShot>,
): readonly Gap[] {
  const index = new Map(own.map(({ id }, at) => [id, at]));
  const all: Gap[] = [];
  let rows: number[] = [];
  let from = -1;
  const close = (to: number): void => {
    const shots = own.slice(Math.max(from, -1) + 1, Math.max(to, 0)).filter(({ id }) => free.has(id));
    if (rows.length > 0) all.push({ rows, shots });
    rows = [];
  };
  for (const [row, id] of ids.entries()) {
    if (id === undefined) {
      rows.push(row);
      continue;
    }
    const at = index.get(id) ?? 0;
    close(at);
    from = at;
  }
  close(own.length);
  return all;
}

/** Pairs that are compared at most: beyond them, only a gap with as many rows as shots is filled. */
const mostPairs = 250_000;
const similarEnough = 0.45;

function pair(
  prompts: readonly string[],
  rows: readonly number[],
  shots: readonly NumberedShot[],
  take: (row: number, id: string) => void,
): void {
  if (rows.length === shots.length) {
    for (const [at, row] of rows.entries()) take(row, shots[at]?.id ?? '');
    return;
  }
  if (rows.length * shots.length > mostPairs) return;
  const scored = rows.flatMap((row) =>
    shots.map(({ id, prompts: texts }) => ({
      row,
      id,
      score: Math.max(0, ...texts.map((text) => similarity(text, prompts[row] ?? ''))),
    })),
  );
  const done = new Set<number | string>();
  for (const { row, id, score } of scored.sort((a, b) => b.score - a.score)) {
    if (score < similarEnough || done.has(row) || done.has(id)) continue;
    done.add(row).add(id);
    take(row, id);
  }
}

/** Numbers for rows that have none, between those of their neighbours. */
function withNew(
  ids: readonly (string | undefined)[],
  numbering: Numbering,
  given: Set<string>,
): readonly string[] {
  const done: string[] = [];
  let last = 0;
  const highest = Math.max(0, ...[...given].map((id) => numberOf(id, numbering) ?? 0));
  for (const [row, id] of ids.entries()) {
    if (id !== undefined) {
      done.push(id);
      last = numberOf(id, numbering) ?? last;
      continue;
    }
    const rest = ids.slice(row).findIndex((each) => each !== undefined);
    const next = rest === -1 ? undefined : numberOf(ids[row + rest] ?? '', numbering);
    const fresh = between(done.at(-1), last, next, rest === -1 ? 1 : rest, highest, numbering, given);
    given.add(fresh);
    done.push(fresh);
    last = numberOf(fresh, numbering) ?? last;
  }
  return done;
}

function between(
  above: string | undefined,
  last: number,
  next: number | undefined,
  count: number,
  highest: number,
  numbering: Numbering,
  given: ReadonlySet<string>,
): string {
  const { step } = numbering;
  if (next === undefined) {
    // At the end: behind all numbers that were ever given.
    for (let number = (Math.floor(Math.max(last, highest) / step) + 1) * step; ; number += step) {
      const id = idOf(number, numbering);
      if (!given.has(id)) return id;
    }
  }
  if (next > last + 1) {
    const wanted = last + Math.max(1, Math.floor((next - last) / (count + 1)));
    for (let number = wanted; number < next; number += 1) {
      if (!given.has(idOf(number, numbering))) return idOf(number, numbering);
    }
  }
  const stem = above ?? idOf(last, numbering);
  for (let letters = 0; ; letters += 1) {
    const id = `${stem}${suffixOf(letters)}`;
    if (!given.has(id)) return id;
  }
}

function suffixOf(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? '' : suffixOf(rest)) + String.fromCharCode(65 + (index % 26));
}

function idOf(number: number, { prefix, suffix, width }: Numbering): string {
  return `${prefix}${String(number).padStart(width, '0')}${suffix}`;
}

/** The number of an id of this numbering, letters behind it left out. */
function numberOf(id: string, { prefix, suffix }: Numbering): number | undefined {
  if (!id.startsWith(prefix)) return undefined;
  const digits = /^(\d+)(.*)$/.exec(id.slice(prefix.length));
  if (digits === null || !new RegExp(`^${suffix.replace(/[.]/g, '\\.')}[A-Z]*$`).test(digits[2] ?? ''))
    return undefined;
  return Number(digits[1]);
}

/** Measures how much two texts have in common, from 0 to 1, by their pairs of characters. */
export function similarity(a: string, b: string): number {
  const [one, other] = [pairsOf(a), pairsOf(b)];
  if (one.length === 0 || other.length === 0) return bare(a) === bare(b) ? 1 : 0;
  const left = new Map<string, number>();
  for (const each of one) left.set(each, (left.get(each) ?? 0) + 1);
  let common = 0;
  for (const each of other) {
    const count = left.get(each) ?? 0;
    if (count === 0) continue;
    common += 1;
    left.set(each, count - 1);
  }
  return (2 * common) / (one.length + other.length);
}

function pairsOf(text: string): readonly string[] {
  const characters = [...bare(text)];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
