import { spelledOut } from '../core/outside-text.ts';
import {
  type BillMapping,
  type BillTarget,
  billColumns,
  billTargets,
  headingsOf,
  noBillMapping,
} from './bill-columns.ts';
import { billTime } from './bill-time.ts';
import { TableError } from './problem.ts';
import { readTable } from './table.ts';

/** One row of a bill, or of what a console exports, as far as it says anything. */
export interface BillRow {
  /** As a spreadsheet counts. */
  readonly row: number;
  readonly taskId: string | null;
  /** In milliseconds since the epoch. */
  readonly at: number | null;
  readonly model: string | null;
  readonly prompt: string | null;
  readonly status: string | null;
  readonly amount: string | null;
}

export interface Bill {
  readonly rows: readonly BillRow[];
  /** Remarks for a person on how it was read. */
  readonly notes: readonly string[];
}

export interface ReadBillOptions {
  readonly mapping?: BillMapping | undefined;
  readonly encoding?: string | undefined;
  /** Of times that do not say theirs. */
  readonly timeZone: string;
}

/**
 * Reads a bill: CSV, .xlsx or .ods.
 *
 * @param file as people know it.
 * @throws TableError for what is no table, or says nothing by which a call could be known.
 */
export async function readBill(
  file: string,
  bytes: Uint8Array,
  { mapping = noBillMapping, encoding, timeZone }: ReadBillOptions,
): Promise<Bill> {
  const table = await readTable(file, bytes, { encoding, mapping: headingsOf(mapping) });
  const columns = billColumns(table.header, mapping);
  if (!columns.has('taskId') && !columns.has('time') && !columns.has('prompt')) {
    throw new TableError([
      {
        subject: file,
        message: `has no column for a task id, a time or a prompt: its columns are ${table.header.filter((name) => name !== '').join(', ')}`,
        help: `Say what they mean in a file, with --map: \`columns: { "${table.header[0] ?? 'Heading'}": taskId }\`; a column is one of ${billTargets.join(', ')}, ignore`,
      },
    ]);
  }
  const unread: string[] = [];
  const rows = table.rows.map(({ row, cells }): BillRow => {
    const cell = (target: BillTarget): string | null => {
      const index = columns.get(target);
      const text =
        index === undefined
          ? ''
          : (cells[index] ?? '')
              .replace(/\s+/g, ' ')
              .trim()
              .replace(/^'(?=[-+=@])/, '');
      return text === '' ? null : spelledOut(text);
    };
    const time = cell('time');
    const at = time === null ? null : billTime(time, timeZone);
    if (time !== null && at === null) unread.push(`\`${time}\` in row ${row}`);
    return {
      ...{ row, at, taskId: cell('taskId'), model: cell('model'), prompt: cell('prompt') },
      ...{ status: cell('status'), amount: cell('amount') },
    };
  });
  const read = [...columns].map(([target, index]) => `${table.header[index] ?? ''} as ${target}`);
  const times =
    unread.length === 0
      ? []
      : [
          `${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}: no time of day that is known, so it is left out`,
        ];
  return { rows, notes: [...table.notes, `Read: ${read.join(', ')}`, ...times] };
}
