/** The most that a comment may hold is 65,536 characters on GitHub; what surrounds the details needs room too. */
export const longest = 45_000;

/** The first line of a comment: invisible, and what the comment is found by when it is written again. */
export function commentMarker(manifest: string): string {
  return `<!-- shotlist plan: ${manifest.replaceAll('--', '- -')} -->`;
}

/** A text as it is, in code type; nothing in it is markup, or mentions anybody. */
export function code(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const space = /^[` ]|[` ]$/.test(text) ? ' ' : '';
  return `${fence}${space}${text.replaceAll('|', '\\|').replace(/\s+/g, ' ')}${space}${fence}`;
}

/** A text inside HTML, in which markup is not read: nobody is mentioned, no issue is linked. Line feeds are kept. */
export function text(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@#](?=[\w])/g, '$&<!-- -->')
    .replace(/\r?\n/g, '<br>');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Folded until somebody opens it. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
