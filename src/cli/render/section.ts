import pc from 'picocolors';
import { wrap } from './text.ts';

/** Long lines are hard to read, however wide the terminal is. */
const widest = 100;

/**
 * A section of our own Markdown for a terminal: headings and words in bold or color in place of their marks, prose broken
 * between words, examples indented and never broken.
 */
export function renderSection(
  markdown: string,
  view: { readonly color: boolean; readonly width: number },
): string {
  const colors = pc.createColors(view.color);
  const width = Math.min(view.width, widest);
  const lines: string[] = [];
  let isCode = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    else if (isCode) lines.push(line === '' ? '' : `    ${line}`);
    else lines.push(...wrap(line, width).map((part) => styled(part, colors)));
  }
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function styled(line: string, colors: ReturnType<typeof pc.createColors>): string {
  const [, heading] = /^#+ (.*)$/.exec(line) ?? [];
  if (heading !== undefined) return colors.bold(heading);
  return line
    .replace(/\*\*(.+?)\*\*/g, (_, words: string) => colors.bold(words))
    .replace(/`([^`]+)`/g, (_, words: string) => colors.cyan(words));
}
