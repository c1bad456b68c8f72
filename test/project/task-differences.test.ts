import { describe, expect, test } from 'vitest';
import { taskDifferences } from '../../src/project/task-differences.ts';

const claimedAt = Date.UTC(2026, 0, 5, 12);
const sent = { model: 'videos', claimedAt, duration: 5 };
const minute = 60_000;

describe('a task held against the request that it is said to be of', () => {
  test('differs in nothing that the provider does not say', () => {
    expect(taskDifferences(sent, { actualDuration: null })).toEqual([]);
    expect(taskDifferences({ ...sent, duration: null }, { actualDuration: 12 })).toEqual([]);
  });

  test('is the same within what clocks, queues and encoders do to it', () => {
    const near = { model: 'Videos', createdAt: claimedAt - 20_000, actualDuration: 5.04 };
    expect(taskDifferences(sent, near)).toEqual([]);
    expect(taskDifferences(sent, { ...near, createdAt: claimedAt + 55 * minute })).toEqual([]);
  });

  test.each([
    [-90 * minute, 'it was made at 2026-01-05T10:30:00.000Z, 1 h 30 min before the request was sent'],
    [-minute, 'it was made at 2026-01-05T11:59:00.000Z, 1 min before the request was sent'],
    [65 * minute, 'it was made at 2026-01-05T13:05:00.000Z, 1 h 5 min after the request was sent'],
  ])('was made too far from it: %i ms', (late, message) => {
    expect(taskDifferences(sent, { createdAt: claimedAt + late, actualDuration: null })).toEqual([
      {
        ...{ what: 'created', message },
        expected: '2026-01-05T12:00:00.000Z',
        found: new Date(claimedAt + late).toISOString(),
      },
    ]);
  });

  test('differs in model and length, each with what was asked for and what there is', () => {
    expect(taskDifferences(sent, { model: 'videos_stable', actualDuration: 10 })).toEqual([
      {
        ...{ what: 'model', expected: 'videos', found: 'videos_stable' },
        message: 'its model is videos_stable, and videos was asked for',
      },
      { what: 'duration', expected: 5, found: 10, message: 'its clip plays for 10 s, not 5 s' },
    ]);
  });
});
