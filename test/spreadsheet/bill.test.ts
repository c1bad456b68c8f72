import { describe, expect, test } from 'vitest';
import { readBill } from '../../src/spreadsheet/bill.ts';
import { billTime } from '../../src/spreadsheet/bill-time.ts';

const read = (text: string, timeZone = 'UTC') =>
  readBill('bill.csv', new TextEncoder().encode(text), { timeZone });

describe('a bill is read', () => {
  test('by the names of its columns, below titles, whatever else stands in it', async () => {
    const { rows, notes } = await read(
      [
        'Usage of March,,,,,',
        'No.,Created (UTC+8),Model,Task ID,Prompt,Amount (CNY)',
        '1,2026-01-05 20:00:30,videos,video_1,"Rain\non glass",-7.00',
        '2,2026/1/5 20:01,videos,,,',
      ].join('\n'),
      'Asia/Shanghai',
    );
    expect(rows).toEqual([
      {
        ...{ row: 3, taskId: 'video_1', at: Date.UTC(2026, 0, 5, 12, 0, 30), model: 'videos' },
        ...{ prompt: 'Rain on glass', status: null, amount: '-7.00' },
      },
      {
        ...{ row: 4, taskId: null, at: Date.UTC(2026, 0, 5, 12, 1), model: 'videos' },
        ...{ prompt: null, status: null, amount: null },
      },
    ]);
    expect(notes.join('\n')).toContain('Task ID as taskId, Created (UTC+8) as time');
  });

  test('in Chinese, too, and what could move a terminal is spelled out', async () => {
    const { rows } = await read(
      '任务ID,创建时间,模型名称,消费金额,任务状态\nvideo\u001b[31m,2026年1月5日 12:00:00,videos,¥7.00,成功\n',
    );
    expect(rows).toMatchObject([
      { taskId: 'video\\u{1b}[31m', at: Date.UTC(2026, 0, 5, 12), amount: '¥7.00', status: '成功' },
    ]);
  });

  test('and refused where nothing in it tells one call from another', async () => {
    await expect(read('Month,Total\nMarch,700\n')).rejects.toThrow(
      'bill.csv has no column for a task id, a time or a prompt: its columns are Month, Total',
    );
  });

  test('with a word about the times that it cannot read', async () => {
    const { rows, notes } = await read('task id,time\nvideo_1,yesterday\n');
    expect(rows).toMatchObject([{ at: null }]);
    expect(notes.at(-1)).toBe('`yesterday` in row 2: no time of day that is known, so it is left out');
  });
});

test.each([
  ['1767614400', 'UTC', '2026-01-05T12:00:00.000Z'],
  ['1767614400123', 'UTC', '2026-01-05T12:00:00.123Z'],
  ['2026-01-05T12:00:00.5Z', 'Asia/Tokyo', '2026-01-05T12:00:00.500Z'],
  ['2026-01-05 12:00:00 +0800', 'UTC', '2026-01-05T04:00:00.000Z'],
  ['2026-01-05 12:00 UTC+8', 'America/New_York', '2026-01-05T04:00:00.000Z'],
  ['2026-07-05 12:00', 'America/New_York', '2026-07-05T16:00:00.000Z'],
  ['2026-03-29 03:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-01-05', 'UTC', null],
  ['2026-02-31 12:00', 'UTC', null],
  ['5/1/2026 12:00', 'UTC', null],
])('%j in %s is %s', (text, timeZone, expected) => {
  const at = billTime(text, timeZone);
  expect(at === null ? null : new Date(at).toISOString()).toBe(expected);
});
