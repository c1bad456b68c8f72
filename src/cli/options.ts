import { rateInterval } from '../provider/rate.ts';
import type { OptionDefinition } from './command.ts';
import { amount, seconds, wholeNumber } from './parse-values.ts';

/** Flags that several commands share. */
export const formatOption: OptionDefinition = {
  flags: '--format <format>',
  summary: 'how it is written',
  choices: ['pretty', 'json'],
  default: 'pretty',
};

export const ledgerOption: OptionDefinition = {
  flags: '--ledger <file>',
  summary: 'the ledger to use (SHOTLIST_LEDGER)',
  default: '.shotlist/ledger.db beside the manifest',
};

export const journalOptions: readonly OptionDefinition[] = [
  {
    flags: '--journal <file>',
    summary: 'the journal to take in and to write: the history, to be kept in git',
    default: '<manifest>.ledger.jsonl; none on loopback',
  },
  { flags: '--no-journal', summary: 'neither take in nor write a journal' },
];

/** How tasks are waited for and their clips saved. */
export const collectOptions: readonly OptionDefinition[] = [
  { flags: '--download <dir>', summary: 'save clips here', default: 'renders beside the manifest' },
  { flags: '--no-download', summary: 'save no clips: only learn how the tasks ended' },
  {
    flags: '--name <template>',
    summary:
      'how clips are named: {project} {scene} {shot} {variant} {take} {model} {version}, / for folders',
    default: '{scene}_{shot}_{variant}_{take}_{version}',
  },
  {
    flags: '--interval <seconds>',
    summary: 'ask about each task about that often, give or take a third',
    parse: seconds,
    default: '45',
  },
  { flags: '--timeout <seconds>', summary: 'stop waiting after that time; the tasks go on', parse: seconds },
];

export const baseUrlOption: OptionDefinition = {
  flags: '--base-url <url>',
  summary: 'the provider, up to and including the service prefix (SHOTLIST_BASE_URL)',
  default: 'the public gateway',
};

export const modelsOption: OptionDefinition = {
  flags: '--models <file>',
  summary: "a file that extends or overrides the model catalog, in place of the manifest's `models`",
};

export const mediaOptions: readonly OptionDefinition[] = [
  {
    flags: '--media',
    summary:
      'also look at the media behind the URLs, over the network: whether they can be fetched, kind, size, length',
  },
  {
    flags: '--allow-private-media',
    summary:
      'media inside your own network are meant: do not report them, let --media look at them; never for a manifest by a stranger',
  },
];

export const selectionOptions: readonly OptionDefinition[] = [
  {
    flags: '--only <glob>',
    summary: "only requests whose key matches; a shot's key takes all its requests (repeatable)",
    repeatable: true,
  },
  { flags: '--tag <tag>', summary: 'only shots with this tag (repeatable)', repeatable: true },
  { flags: '--scene <id>', summary: 'only shots of this scene (repeatable)', repeatable: true },
  { flags: '--limit <n>', summary: 'submit at most the first N of them', parse: wholeNumber(1, 1_000_000) },
];

export const planningOptions: readonly OptionDefinition[] = [
  { flags: '--retry-failed', summary: 'submit tasks that failed and requests that were refused once more' },
  {
    flags: '--resend <key>',
    summary:
      'submit this request once more, and pay for it again, whatever became of it, unless it is in doubt (repeatable)',
    repeatable: true,
  },
];

export const limitOptions: readonly OptionDefinition[] = [
  { flags: '--max-cost <amount>', summary: 'send nothing if this run would cost more', parse: amount },
  {
    flags: '--max-requests <n>',
    summary: 'send nothing if this run would send more requests',
    parse: wholeNumber(0, 1_000_000),
  },
];

/** Checked when the flags are read, kept as it was written. */
export function checkedRate(text: string): string {
  rateInterval(text);
  return text;
}

/** Flags that every command has. */
export const commonOptions: readonly OptionDefinition[] = [
  { flags: '--quiet', summary: 'say only what went wrong and the result' },
  { flags: '--verbose', summary: 'say every step' },
];

/** What completion scripts call; no command for people, so help does not list it. */
export const completeCommand = '__complete';
