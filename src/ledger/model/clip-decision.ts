import type { TaskIdentity } from './identity.ts';
import { Causality, compareText } from './order.ts';

/** A person's word on a clip. Texts are one line each. */
export type ClipDecision =
  /** The one clip of its version that is used; another pick moves it. */
  | { readonly type: 'picked'; readonly note: string | null }
  | { readonly type: 'rejected'; readonly reason: string; readonly note: string | null }
  | { readonly type: 'noted'; readonly note: string }
  /** Takes back what was said. */
  | { readonly type: 'cleared'; readonly what: Exclude<ClipDecision['type'], 'cleared'> };

/** One decision, and the clip that it is about. */
export interface DecisionOnClip {
  readonly task: TaskIdentity;
  readonly decision: ClipDecision;
}

/** The kinds of decision that can be taken back. */
export const clearable = ['picked', 'rejected', 'noted'] as const satisfies readonly Exclude<
  ClipDecision['type'],
  'cleared'
>[];

/** A decision as history keeps it. */
export type DecisionFact = ClipDecision & {
  readonly taskId: string;
  readonly by: string;
  /** The ids of the latest decisions on its version that its ledger knew; null where it knew none. */
  readonly causes: readonly string[] | null;
};

/** A decision with its time and its name in every ledger. */
export type DecisionMade = DecisionFact & {
  readonly id: string | null;
  /** ISO 8601. */
  readonly at: string;
};

/** The decisions in force on one clip. */
export interface ClipStanding {
  readonly decision: 'picked' | 'rejected' | null;
  /** The reason why it was rejected. */
  readonly reason: string | null;
  /** The latest note, whichever decision it came with. */
  readonly note: string | null;
  /** The person who made the decision, and the time; null where there is none. */
  readonly by: string | null;
  readonly at: string | null;
}

/** The decisions in force on the clips of one version of a shot. */
export interface VersionStanding {
  /** Standings by task id; clips that nobody spoke of are left out. */
  readonly clips: ReadonlyMap<string, ClipStanding>;
  /** The task whose clip is used. */
  readonly picked: string | null;
  /** Picks of people who did not know of each other, where they differ; the one in force last. */
  readonly disagreement: readonly (DecisionMade & { readonly type: 'picked' })[];
}

const ways: readonly DecisionFact['type'][] = ['picked', 'rejected', 'noted', 'cleared'];

/** True for the events that are decisions. */
export function isDecision<E extends { readonly type: string }>(
  event: E,
): event is E & { readonly type: DecisionFact['type'] } {
  return (ways as readonly string[]).includes(event.type);
}

/** The members of a decision in the order in which they are written and hashed. */
export function plainDecision(decision: ClipDecision): ClipDecision {
  switch (decision.type) {
    case 'picked':
      return { type: 'picked', note: decision.note };
    case 'rejected':
      return { type: 'rejected', reason: decision.reason, note: decision.note };
    case 'noted':
      return { type: 'noted', note: decision.note };
    case 'cleared':
      return { type: 'cleared', what: decision.what };
  }
}

/**
 * Works out the decisions in force from all that were made on the clips of one version. Pure, and a function of them
 * alone: ledgers that hold the same ones say the same. A decision comes after what it knew; of those that did not know
 * of each other, the later one holds.
 */
export function versionStanding(made: readonly DecisionMade[]): VersionStanding {
  if (made.length === 0) return { clips: new Map(), picked: null, disagreement: [] };
  const causality = new Causality(made);
  const ordered = causality.inOrder(
    made,
    (a, b) => compareText(a.at, b.at) || compareText(a.id ?? '', b.id ?? ''),
  );
  const { clips, picked } = walk(ordered);
  const standings = [...clips].flatMap(([taskId, draft]) => {
    const clip = standingOf(draft);
    return clip === null ? [] : [[taskId, clip] as const];
  });
  return { clips: new Map(standings), picked, disagreement: rivals(ordered, causality) };
}

/** A clip while decisions on it are being read. */
interface Draft {
  choice: (DecisionMade & { readonly type: 'picked' | 'rejected' }) | null;
  remark: (DecisionMade & { readonly type: 'noted' }) | null;
  /** The decision that has the latest note. */
  latest: 'choice' | 'remark';
}

function walk(ordered: readonly DecisionMade[]): {
  readonly clips: ReadonlyMap<string, Draft>;
  readonly picked: string | null;
} {
  const clips = new Map<string, Draft>();
  const draftOf = (taskId: string): Draft => {
    const known = clips.get(taskId);
    if (known !== undefined) return known;
    const draft: Draft = { choice: null, remark: null, latest: 'remark' };
    clips.set(taskId, draft);
    return draft;
  };
  let picked: string | null = null;
  for (const event of ordered) {
    const draft = draftOf(event.taskId);
    switch (event.type) {
      case 'picked':
        // Another pick moves it, and does not come back when that one is taken back.
        if (picked !== null && picked !== event.taskId) draftOf(picked).choice = null;
        picked = event.taskId;
        draft.choice = event;
        draft.latest = 'choice';
        break;
      case 'rejected':
        if (picked === event.taskId) picked = null;
        draft.choice = event;
        draft.latest = 'choice';
        break;
      case 'noted':
        draft.remark = event;
        draft.latest = 'remark';
        break;
      case 'cleared':
        if (event.what === 'noted') {
          draft.remark = null;
          if (draft.choice !== null && draft.choice.note !== null) {
            draft.choice = { ...draft.choice, note: null };
          }
        } else if (draft.choice?.type === event.what) {
          draft.choice = null;
          if (picked === event.taskId) picked = null;
        }
        break;
    }
  }
  return { clips, picked };
}

function standingOf({ choice, remark, latest }: Draft): ClipStanding | null {
  if (choice === null && remark === null) return null;
  const [first, second] = latest === 'choice' ? [choice?.note, remark?.note] : [remark?.note, choice?.note];
  return {
    decision: choice?.type ?? null,
    reason: choice?.type === 'rejected' ? choice.reason : null,
    note: first ?? second ?? null,
    by: choice?.by ?? null,
    at: choice?.at ?? null,
  };
}

/** Picks of different clips, none made in knowledge of the other, and none moved or taken back since by who knew both. */
function rivals(
  ordered: readonly DecisionMade[],
  causality: Causality,
): readonly (DecisionMade & { readonly type: 'picked' })[] {
  const everPicked = new Set(ordered.flatMap(({ type, taskId }) => (type === 'picked' ? [taskId] : [])));
  if (everPicked.size < 2) return [];
  const moving = ordered.filter(
    (event) =>
      event.type === 'picked' ||
      (event.type === 'cleared' && event.what === 'picked') ||
      (event.type === 'rejected' && everPicked.has(event.taskId)),
  );
  const views = causality.heads(moving).flatMap((head) => {
    const known = ordered.filter((event) => event === head || causality.knows(head, event));
    const { picked } = walk(known);
    const pick = known.findLast(
      (event): event is DecisionMade & { readonly type: 'picked' } =>
        event.type === 'picked' && event.taskId === picked,
    );
    return pick === undefined ? [] : [pick];
  });
  const byTask = new Map(views.map((pick) => [pick.taskId, pick]));
  if (byTask.size < 2) return [];
  const place = new Map(ordered.map((event, index) => [event.id, index]));
  return [...byTask.values()].sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
}
