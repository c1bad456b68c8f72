import { stringify } from 'csv-stringify/sync';
import { csvFormat } from '../../core/csv.ts';
import { rateText, timecode } from '../frame-rate.ts';
import { clipName } from '../timeline.ts';
import { startOf } from './edl.ts';
import type { CutFormat } from './format.ts';

/** The cut as a table: one row an item, times as time code. */
export const csv: CutFormat = {
  extension: 'csv',
  summary: 'a table of the cut, with time code',
  render(timeline, paths) {
    const { rate } = timeline;
    const begin = startOf(timeline);
    const rows = timeline.items.map((item, index) => ({
      number: index + 1,
      key: item.take?.key ?? item.shot.key,
      scene: item.shot.scene,
      sceneTitle: item.shot.sceneTitle,
      title: item.shot.title,
      clip: item.take === null ? null : clipName(item),
      file: item.take === null ? null : paths.path(item.take.file),
      recordIn: timecode(begin + item.start, rate),
      recordOut: timecode(begin + item.start + item.frames, rate),
      sourceIn: item.take === null ? null : timecode(item.sourceStart, rate),
      sourceOut: item.take === null ? null : timecode(item.sourceStart + item.frames, rate),
      frames: item.frames,
      fps: rateText(rate),
      taskId: item.take?.taskId ?? null,
      model: item.take?.model ?? null,
      cost: item.take?.cost ?? null,
      currency: item.take?.currency ?? null,
    }));
    return stringify(rows, { ...csvFormat, header: true });
  },
};
