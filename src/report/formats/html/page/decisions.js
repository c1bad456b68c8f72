/** @import { PageData } from '../page-data.ts' */
/** @import { Row } from './rows.js' */

/**
 * One decision, as history has it.
 *
 * @typedef {{ readonly type: 'picked', readonly note: string | null }
 *   | { readonly type: 'rejected', readonly reason: string, readonly note: string | null }
 *   | { readonly type: 'noted', readonly note: string }
 *   | { readonly type: 'cleared', readonly what: 'picked' | 'rejected' | 'noted' }} Decision
 */
/** @typedef {Pick<Row, 'decision' | 'reason' | 'note'>} Standing */
/** @typedef {Partial<Row> & { readonly key: string, readonly fingerprint: string }} Update */

/**
 * What is decided on the page. A page that a review serves writes each decision down as it is made, and hears of those of
 * others; one that was opened from disk keeps them, to be exported.
 *
 * @param {PageData} data
 * @param {readonly Row[]} rows
 * @param {(changed: readonly Row[]) => void} onChange
 * @param {(message: string) => void} tell
 */
export function createDecisions(data, rows, onChange, tell) {
  /** @type {{ key: string, taskId: string, decision: Decision }[]} */
  const made = [];
  const versions = groupVersions(rows);

  /**
   * @param {Row} row
   * @param {Partial<Row>} values
   */
  const set = (row, values) => Object.assign(row, values);

  /**
   * Shows a decision at once. Another pick of the same version moves it.
   *
   * @param {Row} row
   * @param {Decision} decision
   * @returns {readonly Row[]} what looks different now
   */
  const apply = (row, decision) => {
    const others =
      decision.type === 'picked'
        ? (versions.get(versionOf(row)) ?? []).filter((other) => other !== row && other.decision === 'picked')
        : [];
    for (const other of others) set(other, { decision: null, reason: null });
    if (decision.type === 'picked')
      set(row, { decision: 'picked', reason: null, note: decision.note ?? row.note });
    if (decision.type === 'rejected') {
      set(row, { decision: 'rejected', reason: decision.reason, note: decision.note ?? row.note });
    }
    if (decision.type === 'noted') set(row, { note: decision.note });
    if (decision.type === 'cleared' && decision.what === 'noted') set(row, { note: null });
    else if (decision.type === 'cleared' && row.decision === decision.what)
      set(row, { decision: null, reason: null });
    return [row, ...others];
  };

  /**
   * @param {Row} row
   * @param {Decision} decision
   */
  const decide = async (row, decision) => {
    const { key, taskId } = row;
    if (taskId === null) return;
    const before = (versions.get(versionOf(row)) ?? [row]).map((each) => ({
      row: each,
      values: { decision: each.decision, reason: each.reason, note: each.note },
    }));
    onChange(apply(row, decision));
    if (!data.isLive) {
      made.push({ key, taskId, decision });
      return;
    }
    const said = await send({ key, taskId, ...decision });
    if (said === null) return;
    for (const { row: each, values } of before) set(each, values);
    onChange(before.map((each) => each.row));
    tell(`${key}: the decision was not written. ${said}`);
  };

  if (data.isLive) {
    const byIdentity = new Map(rows.map((row) => [`${row.key} ${row.taskId ?? ''}`, row]));
    const events = new EventSource('events');
    events.addEventListener('message', ({ data: text }) => {
      /** @type {{ rows: readonly Partial<Row>[], isNew: boolean }} */
      const update = JSON.parse(text);
      if (update.isNew) return location.reload();
      const changed = update.rows.flatMap((values) => {
        const row = byIdentity.get(`${values.key} ${values.taskId ?? ''}`);
        return row === undefined ? [] : [/** @type {Row} */ (set(row, values))];
      });
      if (changed.length > 0) onChange(changed);
    });
    events.addEventListener('error', () =>
      tell('The review does not answer. Is it still running? It goes on when it is.'),
    );
    events.addEventListener('open', () => tell(''));
  }

  return {
    decide,
    /** The decisions of this page, as `shotlist pick --from` takes them in. */
    exported: () =>
      JSON.stringify(
        {
          version: 1,
          project: data.project.replace(/ \(rehearsal\)$/, ''),
          decisions: made.map(({ key, taskId, decision }) => ({ key, taskId, ...decision })),
        },
        null,
        2,
      ),
    count: () => made.length,
  };
}

/**
 * @param {object} decision
 * @returns {Promise<string | null>} why it was not written; null where it was
 */
async function send(decision) {
  try {
    const answer = await fetch('decide', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(decision),
    });
    if (answer.ok) return null;
    const { error = answer.statusText } = await answer.json().catch(() => ({}));
    return String(error);
  } catch {
    return 'The review does not answer. Is it still running?';
  }
}

/** @param {Pick<Row, 'scene' | 'shot' | 'variant'>} row */
export function versionOf({ scene, shot, variant }) {
  return JSON.stringify([scene, shot, variant]);
}

/**
 * @param {readonly Row[]} rows
 * @returns {ReadonlyMap<string, readonly Row[]>}
 */
export function groupVersions(rows) {
  /** @type {Map<string, Row[]>} */
  const versions = new Map();
  for (const row of rows) {
    const version = versionOf(row);
    const group = versions.get(version);
    if (group === undefined) versions.set(version, [row]);
    else group.push(row);
  }
  return versions;
}
