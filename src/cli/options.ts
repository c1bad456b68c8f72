import { rateInterval } from '../provider/rate.ts';
import type { CommandCall, OptionDefinitions, OptionValues } from './command.ts';
import { amount, seconds, wholeNumber } from './parse-values.ts';

/** Flags that several commands share. */
export const formatOption = {
  format: {
    flags: '--format <format>',
    summary: 'how it is written',
    choices: ['pretty', 'json'],
    default: 'pretty',
  },
} as const satisfies OptionDefinitions;

export const ledgerOption = {
  ledger: {
    flags: '--ledger <file>',
    summary: 'the ledger to use (SHOTLIST_LEDGER)',
    default: '.shotlist/ledger.db beside the manifest',
    completion: 'files',
  },
} as const satisfies OptionDefinitions;

export const journalOption = {
  journal: {
    flags: '--journal <file>',
    summary: 'the journal to take in and to write: the history, to be kept in git',
    default: '<manifest>.ledger.jsonl; none on loopback',
    completion: 'files',
    negation: { flags: '--no-journal', summary: 'neither take in nor write a journal' },
  },
} as const satisfies OptionDefinitions;

/** The flags for waiting, and for saving clips. */
export const collectOptions = {
  download: {
    flags: '--download <dir>',
    summary: 'save clips here',
    default: 'renders beside the manifest; renders/rehearsal in a rehearsal',
    completion: 'files',
    negation: { flags: '--no-download', summary: 'save no clips: only learn how the tasks ended' },
  },
  name: {
    flags: '--name <template>',
    summary:
      'how clips are named: {project} {scene} {shot} {variant} {take} {model} {version}, / for folders',
    default: '{scene}_{shot}_{variant}_{take}_{version}',
  },
  qc: {
    flags: '--qc',
    summary:
      'look at saved clips with ffmpeg: black, frozen and silent stretches, as findings; it only flags',
  },
  interval: {
    flags: '--interval <seconds>',
    summary: 'ask about each task about that often, give or take a third',
    parse: seconds,
    default: '45',
  },
  timeout: {
    flags: '--timeout <seconds>',
    summary: 'stop waiting after that time; the tasks go on',
    parse: seconds,
  },
} as const satisfies OptionDefinitions;

export const baseUrlOption = {
  baseUrl: {
    flags: '--base-url <url>',
    summary: 'the provider, up to and including the service prefix (SHOTLIST_BASE_URL)',
    default: 'the public gateway',
  },
  real: {
    flags: '--real',
    summary: 'what listens at a loopback address is a gateway that pays, and no rehearsal (SHOTLIST_REAL=1)',
  },
} as const satisfies OptionDefinitions;

export const modelsOption = {
  models: {
    flags: '--models <file>',
    summary: "a file that extends or overrides the model catalog, in place of the manifest's `models`",
    completion: 'files',
  },
} as const satisfies OptionDefinitions;

export const mediaOptions = {
  media: {
    flags: '--media',
    summary:
      'also look at the media behind the URLs, over the network: whether they can be fetched, kind, size, length',
  },
  allowPrivateMedia: {
    flags: '--allow-private-media',
    summary:
      'media inside your own network are meant: do not report them, let --media look at them; never for a manifest by a stranger',
  },
} as const satisfies OptionDefinitions;

/** Options that select the requests a call is about. */
export const filterOptions = {
  only: {
    flags: '--only <glob>',
    summary: "only requests whose key matches; a shot's key takes all its requests (repeatable)",
    repeatable: true,
    completion: 'keys',
  },
  tag: {
    flags: '--tag <tag>',
    summary: 'only shots with this tag (repeatable)',
    repeatable: true,
    completion: 'tags',
  },
  scene: {
    flags: '--scene <id>',
    summary: 'only shots of this scene (repeatable)',
    repeatable: true,
    completion: 'scenes',
  },
} as const satisfies OptionDefinitions;

export const selectionOptions = {
  ...filterOptions,
  limit: {
    flags: '--limit <n>',
    summary: 'submit at most the first N of them',
    parse: wholeNumber(1, 1_000_000),
  },
} as const satisfies OptionDefinitions;

export const planningOptions = {
  retryFailed: {
    flags: '--retry-failed',
    summary: 'submit tasks that failed and requests that were refused once more',
  },
  resend: {
    flags: '--resend <key>',
    summary:
      'submit this request once more, and pay for it again, whatever became of it, unless it is in doubt (repeatable)',
    repeatable: true,
    completion: 'keys',
  },
} as const satisfies OptionDefinitions;

export const limitOptions = {
  maxCost: {
    flags: '--max-cost <amount>',
    summary: 'send nothing if this run would cost more',
    parse: amount,
  },
  maxRequests: {
    flags: '--max-requests <n>',
    summary: 'send nothing if this run would send more requests',
    parse: wholeNumber(0, 1_000_000),
  },
} as const satisfies OptionDefinitions;

/** The options of a call that looks at a project, as far as its command has them. */
type ProjectOptions = Partial<
  OptionValues<
    typeof ledgerOption &
      typeof journalOption &
      typeof baseUrlOption &
      typeof modelsOption &
      typeof mediaOptions
  >
>;
/** The options that choose what is planned, and how. */
type PlanningOptions = Partial<OptionValues<typeof selectionOptions & typeof planningOptions>>;

export type ProjectCall = CommandCall<ProjectOptions>;
export type PlanningCall = CommandCall<ProjectOptions & PlanningOptions>;
export type CollectCall = CommandCall<
  ProjectOptions &
    OptionValues<typeof collectOptions> &
    Partial<OptionValues<typeof filterOptions>> & { readonly once?: boolean; readonly giveUp?: boolean }
>;

/** Checked when the flags are read, kept as it was written. */
export function checkedRate(text: string): string {
  rateInterval(text);
  return text;
}

/** Flags that every command has. */
export const commonOptions = {
  quiet: { flags: '--quiet', summary: 'say only what went wrong and the result' },
  verbose: { flags: '--verbose', summary: 'say every step' },
} as const satisfies OptionDefinitions;

/** The command that completion scripts call. People don't, so help does not list it. */
export const completeCommand = '__complete';
