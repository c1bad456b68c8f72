import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../src/core/canonical-json.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { LedgerEntry, LedgerEvent, RequestState } from '../../src/ledger/ledger.ts';
import { openLedgerForReading } from '../../src/ledger/open-ledger.ts';
import { fingerprint } from '../../src/manifest/fingerprint.ts';
import type { RequestBody } from '../../src/manifest/model.ts';
import type { Report } from '../../src/report/model.ts';

/** A project of a test: a folder, a manifest with so many requests, and the ledger beside it. */
export interface Scene {
  readonly folder: string;
  readonly project: string;
  /** In the manifest's order. Each request has a prompt of its own, by which the books know it. */
  readonly keys: readonly string[];
  readonly ledgerFile: string;
}

/** What a request costs in every scene. */
export const price = 5;

export async function makeScene(parent: string, project: string, requests: number): Promise<Scene> {
  const folder = path.join(parent, project);
  await mkdir(folder, { recursive: true });
  const keys = Array.from({ length: requests }, (_, index) => `s${String(index + 1).padStart(3, '0')}`);
  await writeManifest(path.join(folder, 'm.yaml'), project, keys);
  return { folder, project, keys, ledgerFile: path.join(folder, '.shotlist', 'ledger.db') };
}

export async function writeManifest(file: string, project: string, keys: readonly string[]): Promise<void> {
  const shots = keys.map((key) => `  - { id: ${key}, prompt: "${promptOf(project, key)}" }`);
  await writeFile(
    file,
    `version: 1
project: ${project}
defaults: { model: videos_stable, duration: 5 }
budget: { currency: CNY, prices: { videos_stable: ${price} } }
shots:
${shots.join('\n')}
`,
  );
}

export function promptOf(project: string, key: string): string {
  return `${project} / ${key}: neon rain on glass, slow dolly in`;
}

/** What every prompt of a scene, and of no other, begins with. */
export function promptsOf({ project }: Scene): string {
  return `${project} / `;
}

export function keyOfPrompt(prompt: string): string {
  return /\/ (\S+):/.exec(prompt)?.[1] ?? prompt;
}

/** A scene's requests as its ledger has them. */
export interface Look {
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  readonly histories: ReadonlyMap<string, readonly LedgerEvent[]>;
  /** What breaks an invariant of the states. */
  readonly violations: readonly string[];
  state(key: string): RequestState;
}

/** Looks as a command does that only looks: nothing is repaired by it. */
export async function look({ ledgerFile, project, keys }: Scene): Promise<Look> {
  const ledger = await openLedgerForReading(ledgerFile, { clock: systemClock });
  try {
    const scope = { provider: 'loopback', project };
    const entries = new Map((await ledger.read(scope)).map((entry) => [entry.key, entry]));
    const histories = new Map<string, readonly LedgerEvent[]>();
    for (const key of keys) histories.set(key, await ledger.history(scope, key));
    const violations = await ledger.verify((body: JsonObject, take) =>
      fingerprint(body as RequestBody, take),
    );
    return {
      entries,
      histories,
      violations: violations.map(({ subject, message }) => `${subject}: ${message}`),
      state: (key) => entries.get(key)?.state ?? 'pending',
    };
  } finally {
    await ledger.close();
  }
}

export function doubtfulKeys(scene: Scene, now: Look): ReadonlySet<string> {
  return new Set(scene.keys.filter((key) => now.state(key) === 'inDoubt'));
}

export async function readReport({ folder }: Scene, file = 'm.report.json'): Promise<Report> {
  return JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Report;
}
