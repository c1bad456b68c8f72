import { size } from '../../lint/media-words.ts';
import { columns, count } from './text.ts';

/** A file that the store lacked, and what became of it. */
export interface UploadedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** True where the store has it now. */
  readonly stored: boolean;
  readonly error: string | null;
}

/** @param had contents that the store had before. */
export function uploadJson(files: readonly UploadedFile[], host: string | null, had: number): string {
  const summary = {
    files: files.length,
    bytes: bytesOf(files),
    uploaded: files.filter(({ stored }) => stored).length,
    failed: files.filter(({ error }) => error !== null).length,
    present: had,
  };
  return `${JSON.stringify({ version: 1, host, files, summary }, null, 2)}\n`;
}

/** A line for each file, and the sums. */
export function renderUpload(files: readonly UploadedFile[], host: string | null, had: number): string {
  if (host === null) return 'No local files: there is nothing to upload.\n';
  if (files.length === 0) return `Nothing to upload: ${host} has ${count(had, 'file')}, all of them.\n`;
  const rows = files.map(({ path, bytes, stored, error }) => [
    error === null ? (stored ? '+' : '·') : '!',
    path,
    size(bytes),
    error ?? (stored ? 'uploaded' : 'to upload'),
  ]);
  const uploaded = files.filter(({ stored }) => stored);
  const left = files.filter(({ stored }) => !stored);
  const sums = [
    uploaded.length > 0
      ? `${count(uploaded.length, 'file')}, ${size(bytesOf(uploaded))}, uploaded to ${host}`
      : '',
    left.length > 0 ? `${count(left.length, 'file')}, ${size(bytesOf(left))}, not at ${host}` : '',
    had > 0 ? `${count(had, 'file')} there before` : '',
  ];
  return `${columns(rows)}${sums.filter((sum) => sum !== '').join('; ')}.\n`;
}

function bytesOf(files: readonly UploadedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
