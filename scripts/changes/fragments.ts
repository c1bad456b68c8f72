/** Items that a fragment adds to one section of the changelog. */
export interface Fragment {
  readonly section: string;
  /** One or more items of a list, as they are written, without a line end behind the last. */
  readonly items: string;
}

const heading = /^### (\S.*)$/;

/** Says what is wrong with a fragment; nothing where it is well-formed. */
export function problemsOf(text: string): readonly string[] {
  const problems: string[] = [];
  const lines = text.split('\n');
  if (!heading.test(lines[0] ?? '')) problems.push('line 1 is no heading such as `### Check`');
  if (lines.at(-1) !== '') problems.push('its last line does not end');
  let isInItem = false;
  for (const [index, line] of lines.slice(0, -1).entries()) {
    if (line.startsWith('- ') || heading.test(line)) isInItem = line.startsWith('- ');
    else if (line === '') isInItem = false;
    else if (!(isInItem && /^ {2,}\S/.test(line)))
      problems.push(`line ${index + 1} is neither a heading nor an item, nor goes on with one by two spaces`);
  }
  for (const { section, items } of readFragment(text)) {
    if (items === '') problems.push(`there is nothing under ${section}`);
  }
  return problems;
}

/** The sections of a well-formed fragment. */
export function readFragment(text: string): readonly Fragment[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [section = '', ...lines] = part.split('\n');
      return { section: section.trim(), items: lines.filter((line) => line !== '').join('\n') };
    });
}

/**
 * The changelog with the fragments in its newest release: each at the end of its section, those of a section that is not
 * there yet in a new one at the end of the release.
 */
export function gather(changelog: string, fragments: readonly Fragment[]): string {
  const [before = '', newest = '', ...older] = changelog.split(/^(?=## )/m);
  let release = newest.trimEnd();
  for (const { section, items } of fragments) release = withItems(release, section, items);
  return `${before}${release}\n${older.length === 0 ? '' : `\n${older.join('')}`}`;
}

function withItems(release: string, section: string, items: string): string {
  const parts = release.split(/^(?=### )/m).map((part) => part.trimEnd());
  const at = parts.findIndex((part) => part.split('\n')[0] === `### ${section}`);
  if (at === -1) return [...parts, `### ${section}\n\n${items}`].join('\n\n');
  return parts.map((part, index) => (index === at ? `${part}\n${items}` : part)).join('\n\n');
}
