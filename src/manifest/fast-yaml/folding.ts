import { carriageReturn, feed, space, tab } from './characters.ts';

/** A text over lines as it is read: lines are joined by a space, n blank lines between them by n line feeds. */
export function unfolded(written: string): string {
  if (!written.includes('\n')) return written;
  const lines = written.split('\n');
  let text = '';
  let blank = 0;
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const content = line.slice(index === 0 ? 0 : contentStart(line), isLast ? undefined : contentEnd(line));
    if (index === 0) text = content;
    else if (content === '' && !isLast) blank += 1;
    else {
      text += (blank === 0 ? ' ' : '\n'.repeat(blank)) + content;
      blank = 0;
    }
  }
  return text;
}

function contentStart(line: string): number {
  let start = 0;
  while (isBlank(line.charCodeAt(start))) start += 1;
  return start;
}

function contentEnd(line: string): number {
  let end = line.length;
  if (line.charCodeAt(end - 1) === carriageReturn) end -= 1;
  while (isBlank(line.charCodeAt(end - 1))) end -= 1;
  return end;
}

export function isBlank(unit: number): boolean {
  return unit === space || unit === tab;
}

/** Finds where a run of white space and line ends stops, and how many line feeds are in it. */
export function passFold(text: string, start: number, end: number): { place: number; feeds: number } {
  let feeds = 0;
  let place = start;
  for (; place < end; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit === feed) feeds += 1;
    else if (!isBlank(unit) && unit !== carriageReturn) break;
  }
  return { place, feeds };
}
