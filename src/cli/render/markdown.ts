/** A comment holds at most 65,536 characters on GitHub, and somebody may put a few words of their own around it. */
export const longest = 60_000;

/** Picks as many of the first pieces as fit in so many characters, and counts those that are left. */
export function fitting(
  pieces: readonly string[],
  limit: number,
): { readonly pieces: readonly string[]; readonly rest: number } {
  let length = 0;
  const tooMany = pieces.findIndex((piece) => {
    length += piece.length + 2;
    return length > limit;
  });
  return tooMany === -1
    ? { pieces, rest: 0 }
    : { pieces: pieces.slice(0, tooMany), rest: pieces.length - tooMany };
}

/** The first line of a comment: invisible, and what the comment is found by when it is written again. */
export function commentMarker(manifest: string): string {
  return `<!-- shotlist plan: ${manifest.replace(/-(?=-)/g, '- ')} -->`;
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

export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The names of the columns, and the line below them. */
export function tableHead(names: readonly string[]): string {
  return `${tableRow(names)}\n${tableRow(names.map(() => '---'))}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableHead(head), ...rows.map(tableRow)].join('\n');
}

/** Folded until somebody opens it. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
