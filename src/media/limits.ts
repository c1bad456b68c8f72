/** The cost that a probe may have, for us and the servers it asks. Sizes are in bytes, times in milliseconds. */
export interface ProbeLimits {
  /** Files probed at the same time. */
  readonly concurrency: number;
  /** Files probed at the same time, and connections, on one host. */
  readonly concurrencyPerHost: number;
  /** Bytes taken in by one call of `probeMedia`, all files together. */
  readonly maxTotalBytes: number;
  /** Bytes taken in for one video or audio file. */
  readonly maxBytes: number;
  /** Bytes taken in for one image. */
  readonly maxImageBytes: number;
  /** Bytes taken in from a server that sends the whole file whatever range is asked for. */
  readonly maxUnrangedBytes: number;
  /** Requests for one file, redirects not counted. */
  readonly maxRequests: number;
  readonly maxRedirects: number;
  readonly connectTimeoutMs: number;
  /** Time that a server may stay silent. */
  readonly silenceTimeoutMs: number;
  /** Time that one file may take, from the first connection to the last byte. */
  readonly fileTimeoutMs: number;
  /** Time that one call of `probeMedia` may take, all files together. */
  readonly maxTotalMs: number;
  /** Time that a server that answers 429 or 503 is given, once for each request. */
  readonly maxPatienceMs: number;
  /** Time that making sense of the bytes of one file may take. */
  readonly readingTimeoutMs: number;
  /** Memory for making sense of files, in MiB. */
  readonly readingMemoryMiB: number;
  /** Files that may be given up on before no more are read. */
  readonly maxGivenUp: number;
}

export const defaultProbeLimits: ProbeLimits = {
  concurrency: 24,
  concurrencyPerHost: 12,
  maxTotalBytes: 256 * 1024 * 1024,
  maxBytes: 1_400_000,
  maxImageBytes: 60_000,
  maxUnrangedBytes: 256 * 1024,
  maxRequests: 32,
  maxRedirects: 5,
  connectTimeoutMs: 10_000,
  silenceTimeoutMs: 15_000,
  fileTimeoutMs: 60_000,
  maxTotalMs: 600_000,
  maxPatienceMs: 5_000,
  readingTimeoutMs: 5_000,
  readingMemoryMiB: 256,
  maxGivenUp: 5,
};
