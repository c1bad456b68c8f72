import path from 'node:path';
import { SetupError, UsageError } from '../core/errors.ts';
import { readBytes } from '../manifest/file-text.ts';
import type { BillLine } from '../report/bill/model.ts';
import type { CommandCall, OptionDefinitions, OptionValues } from './command.ts';
import { noteText } from './render/import.ts';

/** Options that say how a bill is read. */
export const billOptions = {
  map: {
    flags: '--map <file>',
    summary:
      'what the columns of the table mean: a file with `columns: { Heading: taskId }`; time, model, prompt, status, amount and ignore are the others',
    completion: 'files',
  },
  sheet: { flags: '--sheet <name>', summary: 'which sheet of a workbook' },
  encoding: {
    flags: '--encoding <name>',
    summary: 'the encoding of the table, for example gb18030',
    default: 'found out',
  },
  timeZone: {
    flags: '--time-zone <zone>',
    summary: 'of times in the table that do not say theirs, for example Asia/Shanghai',
    default: 'that of this machine',
  },
} as const satisfies OptionDefinitions;

type BillCall = CommandCall<OptionValues<typeof billOptions>>;

/**
 * Reads the lines of a bill, and tells how they were read.
 *
 * @throws SetupError for a file that cannot be read as one.
 */
export async function readBillLines(call: BillCall, file: string): Promise<readonly BillLine[]> {
  const [{ readBill }, { noBillMapping, readBillMapping }, { isTimeZone }, { tableBytes }, { TableError }] =
    await Promise.all([
      import('../spreadsheet/bill.ts'),
      import('../spreadsheet/bill-columns.ts'),
      import('../spreadsheet/bill-time.ts'),
      import('../spreadsheet/table.ts'),
      import('../spreadsheet/problem.ts'),
    ]);
  const { io, options } = call;
  const { map, sheet, encoding, timeZone = io.timeZone } = options;
  if (!isTimeZone(timeZone)) {
    throw new UsageError(`there is no time zone '${timeZone}'`, {
      help: 'for example Asia/Shanghai, UTC or +08:00',
    });
  }
  const read = await readBytes(path.resolve(io.cwd, file), tableBytes);
  if (!('bytes' in read)) throw new SetupError(`${file} ${read.message}`, { help: read.help });
  try {
    const said = map === undefined ? noBillMapping : await readBillMapping(map, path.resolve(io.cwd, map));
    const mapping = { ...said, sheet: sheet ?? said.sheet };
    const bill = await readBill(path.basename(file), read.bytes, { mapping, encoding, timeZone });
    if (call.verbosity !== 'quiet') {
      for (const note of bill.notes) io.stderr.write(noteText(note, io.stderr));
    }
    return bill.rows;
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const problems = error.problems.map(({ subject, row, message }) =>
      subject === undefined ? `${file}, row ${row}: ${message}` : `${subject} ${message}`,
    );
    throw new SetupError(problems.slice(0, 10).join('\n'), { help: error.problems[0]?.help });
  }
}
