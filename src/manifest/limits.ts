/**
 * Bounds of a manifest, beyond which it is taken for a mistake. Each is far above any real storyboard and keeps
 * reading within seconds and a few hundred megabytes, whatever the files hold.
 */
export const limits = {
  /** Of a manifest or fragment file. */
  manifestBytes: 10 * 1024 * 1024,
  promptBytes: 1024 * 1024,
  /** Lexical tokens of YAML, all files of a manifest together. */
  tokens: 1_500_000,
  /** Maps and lists inside each other. */
  depth: 100,
  /** Values that aliases (`*name`) stand for, all together. */
  aliasedValues: 1_000_000,
  /** Manifest and fragments, all together. */
  files: 1_000,
  requests: 100_000,
  /** Of one string after its references were put in, in UTF-16 units. */
  textLength: 1024 * 1024,
  /** Of all strings that references were put into, in UTF-16 units. */
  expandedLength: 64 * 1024 * 1024,
  /** Of the prompts of all requests, in UTF-16 units. */
  promptsLength: 256 * 1024 * 1024,
} as const;
