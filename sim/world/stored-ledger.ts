import type { Change, Decision, Facts, Wanted } from '../../src/ledger/backend.ts';
import { MemoryTables } from '../../src/ledger/memory/tables.ts';
import type { IsLive } from '../../src/ledger/model/event.ts';

/**
 * One ledger on a disk: tables, and all that was ever appended to them, so that a copy can be kept and put
 * back, and whoever looks from outside can read it.
 */
export class StoredLedger {
  readonly #tables = new MemoryTables();
  readonly #appended: (readonly Change[])[] = [];
  /** Null where something was appended since it was made. */
  #text: string | null = null;

  load(wanted: Wanted, isLive: IsLive): Facts {
    return this.#tables.load(wanted, isLive);
  }

  /** Decides and appends at once: all that a decision came to, or nothing. */
  commit<T>(wanted: Wanted, isLive: IsLive, decide: (facts: Facts) => Decision<T>): T {
    const { changes, value } = decide(this.load(wanted, isLive));
    this.#append(changes);
    return value;
  }

  copy(): StoredLedger {
    const copy = new StoredLedger();
    for (const changes of this.#appended) copy.#append(changes);
    return copy;
  }

  /** Its events, one a line, claims with what they sent. */
  text(): string {
    this.#text ??= this.#linesOf();
    return this.#text;
  }

  #linesOf(): string {
    const prompts = new Map<string, unknown>();
    const lines: string[] = [];
    for (const change of this.#appended.flat()) {
      if (change.type === 'request') {
        const { key, fingerprint, body } = change.request;
        prompts.set(`${change.scope.project} ${key} ${fingerprint}`, body['prompt']);
      }
      if (change.type !== 'event') continue;
      const { origin, request, event } = change;
      const from = origin ?? request;
      const prompt =
        typeof from === 'number' ? null : prompts.get(`${from.project} ${from.key} ${from.fingerprint}`);
      lines.push(`${JSON.stringify({ ...event, prompt: prompt ?? this.#promptOf(from) })}\n`);
    }
    return lines.join('');
  }

  #promptOf(request: unknown): unknown {
    if (typeof request !== 'number') return null;
    const { bodies } = this.#tables.load({ requests: [{ project: null }], bodies: true }, () => false);
    return bodies.get(request)?.body['prompt'] ?? null;
  }

  #append(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#tables.append(changes);
    this.#appended.push(changes);
    this.#text = null;
  }
}
