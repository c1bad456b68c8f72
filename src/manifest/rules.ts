import type { Severity } from '../core/diagnostic.ts';

/** One thing that reading a manifest can find, for the documents: the lint lists these beside its own rules. */
export interface ManifestRule {
  readonly id: ManifestRuleId;
  readonly severity: Severity;
  /** One line. */
  readonly summary: string;
  readonly why: string;
  /** The provider's answer to it; left out where the provider never sees the mistake. */
  readonly provider?: string | undefined;
}

export type ManifestRuleId = keyof typeof texts;

interface Text {
  /** An error where it says nothing. */
  readonly severity?: Severity;
  readonly summary: string;
  readonly why: string;
  readonly provider?: string;
}

const texts = {
  'unreadable-file': {
    summary: 'A file cannot be read',
    why: 'It is missing, a directory, a pipe or a device, or may not be opened. Only ordinary files are read, so that nothing waits for ever.',
  },
  'file-too-large': {
    summary: 'A file, or all of them together, holds more than any storyboard does',
    why: 'Manifests and fragments are bounded in size, nesting and number, so that a wrong file is refused at once instead of filling the memory.',
  },
  encoding: {
    summary: 'A file is not UTF-8 text',
    why: 'A prompt in another encoding would be sent, and billed, as garbage. Control characters are refused for the same reason.',
  },
  'yaml-syntax': {
    summary: 'A file is not valid YAML',
    why: 'Nothing below the mistake can be trusted, so the rest of the file is not judged until it parses.',
  },
  'unsupported-yaml': {
    summary: 'A YAML feature is used that manifests do without',
    why: 'Merge keys, tags, several documents in a file, keys that are not text, and `__proto__` are read differently by different programs. A manifest means the same everywhere.',
  },
  'duplicate-key': {
    summary: 'A key is written twice in one map',
    why: 'YAML readers silently keep one of the two. Which one was meant is for you to say.',
  },
  'empty-file': {
    summary: 'A manifest or fragment holds nothing',
    why: 'An empty file is more likely a lost one than a storyboard without shots.',
  },
  schema: {
    summary: 'A value has the wrong shape',
    why: 'The shape is published as schemas/manifest.schema.json. A value that does not fit is left out, so that one mistake gives one finding.',
  },
  'unknown-key': {
    summary: 'A key is not known where it stands',
    why: 'A misspelt key would be ignored, and the request billed without it. Keys that begin with `x-` are yours and are never looked at.',
  },
  'include-cycle': {
    summary: 'A fragment is included by itself, or twice',
    why: 'Each file is taken in once; a second time would define all its names and shots twice.',
  },
  'duplicate-name': {
    summary: 'A name in `vars` or `assets`, or the id of a scene, is defined twice',
    why: 'All files of a manifest share these names, so the second would silently win or lose.',
  },
  'duplicate-shot': {
    summary: 'Two shots of the same scene have the same id',
    why: 'The id is part of the key that the ledger knows a request by: two requests would be taken for one.',
  },
  'unknown-reference': {
    summary: 'A `${…}` refers to nothing',
    why: 'It would be sent as it stands. Only `${vars.NAME}` and `${assets.NAME}` are known; the environment is never read into a manifest.',
  },
  'list-reference': {
    summary: 'A list is put into the middle of a text',
    why: 'A list can take the place of an item of a list, and of nothing else.',
  },
  'nested-reference': {
    severity: 'warning',
    summary: 'A value in `vars` holds a reference itself',
    why: 'References are put in once: what they stand for is not read again, so the inner one would be sent as it stands.',
    provider: 'Gets the inner reference as it stands, and bills the clip that it makes of it.',
  },
  'text-too-long': {
    summary: 'Texts grow beyond all measure once references are put in',
    why: 'A long value used many times multiplies. The bound keeps memory bounded.',
  },
  'missing-prompt-file': {
    summary: 'A `promptFile` cannot be read',
    why: 'The shot would be requested without its prompt.',
  },
  'outside-work-tree': {
    summary:
      'An `include`, a `promptFile` or a `models` file lies outside the work tree, or a link leads out of it',
    why: 'The work tree is the top level of the git repository that the manifest is in, or else its folder. A storyboard from somebody else could name any file of your disk, or link to it, and what it holds would be shown in findings and comments, and sent to the provider. So links are followed first, and what lies outside is not read.',
  },
  'prompt-file-outside': {
    severity: 'warning',
    summary: "A `promptFile` lies outside the manifest's folder",
    why: 'What it holds is sent to the provider. A path that leads out of the folder of the manifest, within the repository, can be a slip; where the folder is handed on alone, the file is missing.',
    provider: 'Gets the text of the file, whatever it is.',
  },
  'prompt-twice': {
    summary: '`prompt` and `promptFile` are stated side by side',
    why: 'Only one of them can be sent, and which one was meant is for you to say.',
  },
  'extra-parameter': {
    summary: '`extra` holds a parameter that has a key of its own, or a value that cannot be sent as it is',
    why: '`extra` is for what the catalog does not know yet. A known parameter there would escape every check.',
  },
  'too-many-requests': {
    summary: 'Takes and variants multiply to more requests than any storyboard has',
    why: 'Every request is billed. A bound this far away is only ever crossed by mistake.',
  },
} as const satisfies Record<string, Text>;

/** Severity of one of these rules. */
export function severityOf(id: ManifestRuleId): Severity {
  return textOf(id).severity ?? 'error';
}

function textOf(id: ManifestRuleId): Text {
  return texts[id];
}

/** Every rule of reading, in the order in which they are looked at. */
export const manifestRules: readonly ManifestRule[] = (Object.keys(texts) as ManifestRuleId[]).map((id) => {
  const { summary, why, provider } = textOf(id);
  return { id, severity: severityOf(id), summary, why, provider };
});
