import { UsageError } from '../../core/errors.ts';
import { checkedTaskId } from '../../project/confirm-task.ts';
import type { Decision } from '../../project/settling.ts';
import { withProject } from '../called-project.ts';
import { defineCommand } from '../command.ts';
import { type ResolveCall, resolveSignature } from '../resolve-signature.ts';

export const resolveCommand = defineCommand({
  name: 'resolve',
  summary: 'settle requests whose outcome is unknown',
  description:
    'A request is in doubt when it was sent and no answer told its outcome: it may have been paid for, so it is never sent again by itself. Look for it at the provider, in its console, on its bill, or with its support, then say what you found. Without a decision, asks about each on a terminal and lists them elsewhere, in the order of sending. A task id is checked with the provider before it is accepted, which needs the key: model, time and length are held against what was sent, and a task that is not that is taken only with --force. Every decision is kept with time and user. Another decision takes the place of an earlier one, and --reopen takes it back, as long as nothing was sent on its strength.',
  ...resolveSignature,
  examples: [
    { command: 'shotlist resolve storyboard.yaml', summary: 'list what is in doubt, with the facts' },
    {
      command: 'shotlist resolve storyboard.yaml sc010/sh0030@2 --task-id video_123',
      summary: 'the task was found',
    },
    {
      command: 'shotlist resolve storyboard.yaml --all --not-submitted',
      summary: 'none of them was received',
    },
    {
      command: 'shotlist resolve storyboard.yaml --from calls.csv',
      summary: 'find them in what the console exports',
    },
    {
      command: 'shotlist resolve storyboard.yaml sc010/sh0030@2 --reopen',
      summary: 'that was a mistake: in doubt again',
    },
  ],
  async execute(call) {
    const made = decision(call);
    const { from } = call.options;
    if (from !== undefined) {
      const { settleFrom } = await import('../settling-from.ts');
      return withProject(call, call.arguments.manifest, {}, (project) => settleFrom(call, project, from));
    }
    const { settle, showOrAsk } = await import('../settling.ts');
    return withProject(call, call.arguments.manifest, {}, (project) =>
      made === null ? showOrAsk(call, project) : settle(call, project, made),
    );
  },
});

/** @throws UsageError where flags are about `--from` and it is not there, or the reverse. */
function refuseWithFrom({ from, all, ...options }: ResolveCall['options'], isDecided: boolean): void {
  if (from !== undefined) {
    if (!isDecided && !all) return;
    throw new UsageError('--from finds the decisions itself', { help: 'leave out --all and the decision' });
  }
  const given = (['yes', 'map', 'sheet', 'encoding', 'timeZone'] as const).find(
    (name) => options[name] !== undefined && options[name] !== false,
  );
  if (given === undefined) return;
  const flag = given === 'timeZone' ? 'time-zone' : given;
  throw new UsageError(`--${flag} goes with --from`, {
    help: 'it is about a table; name that with --from FILE',
  });
}

/** The one decision of a call; null where it makes none. */
function decision({ options, arguments: { keys } }: ResolveCall): Decision | null {
  const { all, taskId, force } = options;
  const decisions: Decision[] = [];
  if (taskId !== undefined) decisions.push({ kind: 'taskId', taskId: checkedTaskId(taskId) });
  if (options.notSubmitted) decisions.push({ kind: 'notSubmitted' });
  if (options.abandon) decisions.push({ kind: 'abandoned' });
  if (options.reopen) decisions.push({ kind: 'reopened' });
  if (decisions.length > 1) {
    throw new UsageError('--task-id, --not-submitted, --abandon and --reopen exclude each other', {
      help: 'give one of them',
    });
  }
  const [only] = decisions;
  refuseWithFrom(options, only !== undefined);
  if (force && only !== undefined && only.kind !== 'taskId') {
    throw new UsageError('--force is about a task id', { help: 'leave it out here' });
  }
  if (only === undefined) {
    if (all) throw new UsageError('--all needs a decision', { help: 'add --not-submitted or --abandon' });
    return null;
  }
  if (all && keys.length > 0)
    throw new UsageError('--all and keys exclude each other', { help: 'give one of them' });
  if (all && only.kind === 'reopened') {
    throw new UsageError('--all means what is in doubt, which --reopen does nothing about', {
      help: 'name the keys whose decision is taken back',
    });
  }
  if (!all && keys.length === 0) {
    throw new UsageError('which requests?', {
      help: 'name their keys, or add --all for every one that is in doubt',
    });
  }
  if (only.kind === 'taskId' && (all || keys.length > 1)) {
    throw new UsageError('a task id belongs to one request', { help: 'name one key with --task-id' });
  }
  return only;
}
