import { describe, expect, it } from 'vitest';
import { CollectProgress } from '../../src/cli/render/collect-progress.ts';
import { isoTime } from '../../src/core/clock.ts';
import type { LedgerTask } from '../../src/ledger/model/clip.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { request } from '../helpers/requests.ts';

const file = { path: 'renders/a.mp4', bytes: 10, sha256: 'abc', seconds: 5 };

describe('the progress of a collect', () => {
  const clock = new FakeClock();
  const task = (key: string, more: Partial<LedgerTask> = {}): LedgerTask => ({
    ...request(key),
    ...{ taskId: `video_${key}`, status: 'queued', submittedAt: isoTime(clock.now() - 60_000) },
    ...{ completedAt: null, videoUrl: null, actualDuration: null, file: null },
    ...more,
  });

  it('tells states, downloads, bytes, the oldest waiting task, and the time left by past durations', async () => {
    const progress = new CollectProgress(clock);
    const past = { status: 'completed', completedAt: isoTime(clock.now() + 120_000), file } as const;
    progress.observe({ type: 'found', tasks: [task('done', past), task('a'), task('b'), task('c')] });
    expect(progress.line()).toBe(
      '3 queued · 1 completed · 1 downloaded · oldest waits 1 min · about 2 min left',
    );

    await clock.advance(30_000);
    progress.observe({ type: 'polled', task: task('a', { status: 'processing' }), status: 'processing' });
    progress.observe({ type: 'polled', task: task('b', { status: 'failed' }), status: 'failed' });
    progress.observe({ type: 'polled', task: task('c', { ...past, file: null }), status: 'completed' });
    progress.observe({ type: 'received', key: 'c', bytes: 34_200_000 });
    expect(progress.line()).toBe(
      '1 processing · 2 completed · 1 failed · 1 downloaded, 34.2 MB · oldest waits 1 min · about 2 min left',
    );
    progress.observe({ type: 'saved', task: task('c'), file });
    progress.observe({ type: 'polled', task: task('a', past), status: 'completed' });
    await clock.advance(1000);
    expect(progress.line()).toBe('3 completed · 1 failed · 2 downloaded, 34.2 MB');
    expect(progress.summary()).toBe('Collect: 3 tasks completed, 2 downloaded');
  });

  it('says when tasks take longer than they used to, and when the provider asks for a pause', async () => {
    const progress = new CollectProgress(clock);
    const past = { status: 'completed', completedAt: isoTime(clock.now()), file } as const;
    progress.observe({ type: 'found', tasks: [task('done', past), task('late')] });
    await clock.advance(600_000);
    progress.observe({ type: 'paused', until: clock.now() + 90_000 });
    expect(progress.line()).toContain('paused by the provider for 1 min 30 s');
    expect(progress.line()).toContain('oldest waits 11 min · longer than usual');
  });

  it('learns nothing of durations from tasks that nobody watched as they ended', () => {
    const progress = new CollectProgress(clock);
    const took = (minutes: number) =>
      ({ status: 'completed', completedAt: isoTime(clock.now() + (minutes - 1) * 60_000), file }) as const;
    const past = [task('one', took(3)), task('two', took(4)), task('over night', took(600))];
    progress.observe({ type: 'found', tasks: [...past, task('waits')] });
    expect(progress.line()).toContain('oldest waits 1 min · about 3 min left');
  });
});
