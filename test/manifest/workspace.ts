import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { locate } from '../../src/manifest/locate.ts';
import type { Manifest, Request, Source } from '../../src/manifest/model.ts';
import { readManifest } from '../../src/manifest/read.ts';
import { expandRequests } from '../../src/manifest/requests.ts';

/** A finding with the text that it marks. */
export interface Placed extends Diagnostic {
  readonly marked: string;
}

export interface Read {
  readonly manifest: Manifest;
  readonly findings: readonly Placed[];
  readonly requests: readonly Request[];
}

/** A directory of real files for one test, removed when the test ends. */
export class Workspace {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'shotlist-manifest-'));

  write(files: Readonly<Record<string, string | Uint8Array>>): this {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.directory, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return this;
  }

  async read(file = 'a.yaml', stdin?: () => Promise<Uint8Array>): Promise<Read> {
    const manifest = await readManifest(file, {
      cwd: this.directory,
      ...(stdin === undefined ? {} : { stdin }),
    });
    const lines = new Map<Source, readonly string[]>();
    const findings = manifest.findings.map((finding) => {
      const placed = locate(finding);
      const { source } = finding.origin;
      const ofSource = lines.get(source) ?? source.text.split('\n');
      lines.set(source, ofSource);
      return { ...placed, marked: markedText(ofSource, placed) };
    });
    return { manifest, findings, requests: expandRequests(manifest) };
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Reads one manifest, with further files beside it where a test needs them. */
export async function readFiles(
  manifest: string,
  others: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Read> {
  const workspace = new Workspace();
  try {
    return await workspace.write({ 'a.yaml': manifest, ...others }).read();
  } finally {
    workspace[Symbol.dispose]();
  }
}

/** Reads a manifest that holds nothing wrong apart from what `rest` brings. */
export function readRest(
  rest: string,
  others: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Read> {
  return readFiles(`version: 1\nproject: p\n${rest}`, others);
}

/** What a finding says in short: `rule "marked text"`. */
export function summary(read: Read): readonly string[] {
  return read.findings.map(({ rule, marked }) => `${rule} "${marked}"`);
}

function markedText(lines: readonly string[], { line, column, endLine, endColumn }: Diagnostic): string {
  if (line === endLine) return lines[line - 1]?.slice(column - 1, endColumn - 1) ?? '';
  const between = lines.slice(line, endLine - 1);
  return [lines[line - 1]?.slice(column - 1), ...between, lines[endLine - 1]?.slice(0, endColumn - 1)].join(
    '\n',
  );
}
