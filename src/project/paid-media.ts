import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { readOrdinary } from '../core/read-file.ts';
import { amount, fields, like, orNull, parsedJson, readOr, text } from '../core/untrusted-json.ts';
import type { PaidMedia, PaidRequest } from '../lint/paid-media.ts';
import { withoutSignature } from '../manifest/signed-urls.ts';
import type { FileVersion } from '../media/facts.ts';

const maxBytes = 64 * 1024 * 1024;

/** Versions by URL, as `mediaName` names it. */
type Versions = ReadonlyMap<string, FileVersion>;

/**
 * Notes of what requests were paid with, one line of JSON for each time that one was accepted, in the ledger's folder. The
 * last line of a request holds. URLs are kept as hashes, of what they are without a signature. A damaged line counts as
 * none: what is lost with it is a warning.
 */
export class PaidMediaNotes implements PaidMedia {
  readonly #file: string;
  readonly #provider: string;
  readonly #notes: Map<string, Versions>;
  /** The last line that is there has no end: a kill cut it off. */
  #isCutOff: boolean;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, provider: string, content: string) {
    this.#file = file;
    this.#provider = provider;
    this.#isCutOff = content !== '' && !content.endsWith('\n');
    this.#notes = new Map(content.split('\n').flatMap((line) => noteIn(line, provider)));
  }

  /**
   * Opens the notes for one provider: a rehearsal and what was paid never meet.
   *
   * @param folder absolute; that of the ledger.
   * @param provider as the ledger files its requests.
   */
  static async open(folder: string, provider: string): Promise<PaidMediaNotes> {
    const file = path.join(folder, 'paid-media.jsonl');
    const read = await readOrdinary(file, maxBytes);
    return new PaidMediaNotes(file, provider, read.kind === 'text' ? read.text : '');
  }

  versionOf(request: PaidRequest, url: string): FileVersion | undefined {
    return this.#notes.get(nameOf(request))?.get(mediaName(url));
  }

  /** True where something is noted of a request. */
  has(request: PaidRequest): boolean {
    const noted = this.#notes.get(nameOf(request));
    return noted !== undefined && noted.size > 0;
  }

  /**
   * Notes what a request was paid with now. It takes the place of what was noted of an earlier payment.
   *
   * @param media by URL; empty where nobody looked.
   * @throws what the file system refuses.
   */
  note(request: PaidRequest, key: string, media: ReadonlyMap<string, FileVersion>): Promise<void> {
    if (media.size === 0 && !this.has(request)) return this.#writing;
    const versions = new Map([...media].map(([url, version]) => [mediaName(url), version]));
    this.#notes.set(nameOf(request), versions);
    const { project, fingerprint } = request;
    const who = { provider: this.#provider, project, key, fingerprint };
    const line = JSON.stringify({ ...who, media: Object.fromEntries(versions) });
    this.#writing = this.#writing.then(() => this.#append(line));
    return this.#writing;
  }

  async #append(line: string): Promise<void> {
    // As private as the ledger makes the folder that they share.
    await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    // A link that came with a stranger's checkout leads nowhere, and a pipe keeps nobody waiting.
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const handle = await open(this.#file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600);
    try {
      await handle.appendFile(`${this.#isCutOff ? '\n' : ''}${line}\n`);
      this.#isCutOff = false;
    } finally {
      await handle.close();
    }
  }
}

function nameOf({ project, fingerprint }: PaidRequest): string {
  return `${project}\n${fingerprint}`;
}

function mediaName(url: string): string {
  return createHash('sha256').update(withoutSignature(url)).digest('base64url');
}

function noteIn(line: string, provider: string): readonly (readonly [string, Versions])[] {
  return readOr(() => {
    const note = fields(parsedJson(line));
    if (note['provider'] !== provider) return [];
    const media = Object.entries(fields(note['media']));
    const versions = new Map(media.map(([name, version]) => [name, versionIn(version)]));
    const request = { project: text(note['project']), fingerprint: text(note['fingerprint']) };
    return [[nameOf(request), versions] as const];
  }, []);
}

function versionIn(value: unknown): FileVersion {
  const version = fields(value);
  return {
    etag: orNull(text, version['etag']),
    lastModified: orNull(text, version['lastModified']),
    bytes: orNull(amount, version['bytes']),
    headHash: text(version['headHash']),
    sha256: orNull((hash) => like(/^[0-9a-f]{64}$/, hash), version['sha256']),
  };
}
