import { mediaKey } from '../manifest/local-file.ts';
import type { MediaItem, Resolved } from '../manifest/model.ts';
import type { ReachedMedia } from '../media/facts.ts';
import { seconds } from './media-words.ts';
import type { RuleContext } from './rule.ts';
import type { Subject } from './subject.ts';
import { kindOfList } from './used-media.ts';
import { listNouns, type ReferenceList } from './words.ts';

/** A list of reference media, with at least one that was read. */
interface ReadList {
  readonly subject: Subject;
  readonly list: Resolved<readonly MediaItem[]>;
  /** In the order of the list; an item that could not be read, or is of another kind, is reported on its own. */
  readonly files: readonly ReachedMedia[];
  /** True where every item was read. */
  readonly isWhole: boolean;
}

/** Every list of this name with what was read of it. One that holds too many items has been reported: it will be cut. */
export function* readLists({ subjects, facts }: RuleContext, name: ReferenceList): Generator<ReadList> {
  for (const subject of subjects) {
    const list = subject.version.parameters[name];
    if (list === undefined || list.value.length > (subject.model?.[name].maxItems ?? 0)) continue;
    const files = list.value.flatMap((item) => {
      const found = facts.get(mediaKey(item));
      return found?.outcome === 'reached' && found.kind === kindOfList[name] ? [found] : [];
    });
    if (files.length > 0) yield { subject, list, files, isWhole: files.length === list.value.length };
  }
}

/** Bytes from which a limit counts as near: also where a megabyte of it is taken for a million bytes. */
export function nearBytes(limit: number): number {
  return limit * 0.95;
}

/** Seconds from a limit within which another way of measuring may come to another result. */
const nearSeconds = 0.1;

/** Length of a frame where it is not known, as for sound, whose encoders pad by about as much. In seconds. */
const usualFrame = 1 / 25;

/**
 * Reports lists that last longer together than the model takes: an error beyond half a frame, a warning within a tenth of
 * a second of the limit.
 */
export function checkTotalDuration(context: RuleContext, name: 'referenceVideos' | 'referenceAudios'): void {
  for (const { subject, list, files, isWhole } of readLists(context, name)) {
    if (subject.model === undefined) continue;
    const { maxTotalSeconds } = subject.model[name];
    const timed = files.filter(({ duration }) => duration !== null);
    const total = rounded(timed.reduce((sum, { duration }) => sum + (duration ?? 0), 0));
    const halfFrame = Math.max(...files.map(({ frameDuration }) => frameDuration ?? usualFrame)) / 2;
    const isOver = total > rounded(maxTotalSeconds + halfFrame);
    if (total <= rounded(maxTotalSeconds - nearSeconds)) continue;
    // Unknown lengths may make it longer, never shorter.
    const atLeast = isWhole && timed.length === files.length ? '' : 'at least ';
    const isOne = list.value.length === 1;
    const noun = listNouns[name];
    const lasts = isOne
      ? `The ${noun} lasts ${atLeast}${seconds(total)}`
      : `The ${noun}s last ${atLeast}${seconds(total)} together`;
    const limit = `\`${subject.model.id}\` takes at most ${seconds(maxTotalSeconds)}`;
    const excess = seconds(rounded(total - maxTotalSeconds));
    context.report(
      {
        ...(isOver
          ? {
              message: `${lasts}; ${limit}`,
              help: `Cut ${excess} or more${isOne ? '' : ', or leave one out'}`,
            }
          : {
              message: `${lasts}, which is at the limit; ${limit}`,
              help: 'The provider may measure a little differently: cut a few frames to be sure',
              severity: 'warning' as const,
            }),
        origin: list.stated,
        mark: 'value',
        about: subject.model.id,
      },
      subject.version,
    );
  }
}

/** Sums of decimal fractions, without what binary ones add. */
function rounded(duration: number): number {
  return Math.round(duration * 1e6) / 1e6;
}
