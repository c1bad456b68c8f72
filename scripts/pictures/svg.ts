import stringWidth from 'string-width';

/** The sizes and colors of a terminal in a picture: readable on a light page as on a dark one. */
const cell = { width: 8.4, height: 19 };
const margin = 18;
const bar = 34;
const paper = '#11131a';
const ink = '#d7dae0';

const colors: Readonly<Record<number, string>> = {
  31: '#ff7b7f',
  32: '#8fd694',
  33: '#f2c76e',
  34: '#7fb2ff',
  35: '#d9a2ff',
  36: '#74d4d9',
  37: ink,
  90: '#7c8494',
};

interface Style {
  readonly color: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
}

interface Span {
  readonly text: string;
  readonly style: Style;
}

const plain: Style = { color: ink, bold: false, dim: false, underline: false };

/** A picture of a terminal. `screen` holds text with SGR escape sequences, as a terminal gives it out. */
export function terminalPicture(screen: string, options: { title: string; columns: number }): string {
  const lines = spansOf(screen.trimEnd());
  const width = Math.ceil(options.columns * cell.width + 2 * margin);
  const height = Math.ceil(lines.length * cell.height + bar + 2 * margin - 6);
  const rows = lines.map((spans, index) => row(spans, bar + margin + (index + 0.5) * cell.height));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<title>${escaped(options.title)}</title>
<rect width="${width}" height="${height}" rx="10" fill="${paper}" stroke="#3a3f4d"/>
<g fill="#3a3f4d"><circle cx="20" cy="18" r="5.5"/><circle cx="38" cy="18" r="5.5"/><circle cx="56" cy="18" r="5.5"/></g>
${rows.filter((text) => text !== '').join('\n')}
</svg>
`;
}

/** The lines of text in a picture of a terminal, from its first to its last. */
export function linesIn(svg: string): readonly string[] {
  const lines: string[] = [];
  for (const [, y = '', spans = ''] of svg.matchAll(/<text y="([\d.]+)"[^>]*>(.*?)<\/text>/g)) {
    const index = Math.round((Number(y) - 4.5 - bar - margin) / cell.height - 0.5);
    let line = '';
    for (const [, x = '', text = ''] of spans.matchAll(/<tspan x="([\d.]+)"[^>]*>(.*?)<\/tspan>/g)) {
      const column = Math.round((Number(x) - margin) / cell.width);
      line = line.padEnd(line.length + column - widthOf(line)) + unescaped(text);
    }
    lines[index] = line;
  }
  return Array.from(lines, (line) => line ?? '');
}

function row(spans: readonly Span[], middle: number): string {
  let column = 0;
  const parts: string[] = [];
  for (const { text, style } of spans) {
    // White space at the ends needs no drawing, and would be lost in some viewers.
    const start = column + widthOf(/^ */.exec(text)?.[0] ?? '');
    column += widthOf(text);
    if (text.trim() === '') continue;
    const x = (margin + start * cell.width).toFixed(1);
    parts.push(`<tspan x="${x}"${attributes(style)}>${escaped(text.trim())}</tspan>`);
  }
  return parts.length === 0
    ? ''
    : `<text y="${(middle + 4.5).toFixed(1)}" fill="${ink}" xml:space="preserve">${parts.join('')}</text>`;
}

function attributes({ color, bold, dim, underline }: Style): string {
  return [
    color === ink ? '' : ` fill="${color}"`,
    bold ? ' font-weight="bold"' : '',
    dim ? ' opacity="0.62"' : '',
    underline ? ' text-decoration="underline"' : '',
  ].join('');
}

function spansOf(screen: string): readonly (readonly Span[])[] {
  let style = plain;
  return screen.split('\n').map((line) => {
    const spans: Span[] = [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    for (const piece of line.split(/(\x1b\[[\d;]*m)/)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
      const [, codes] = /^\x1b\[([\d;]*)m$/.exec(piece) ?? [];
      if (codes === undefined) {
        if (piece !== '') spans.push({ text: piece, style });
      } else for (const code of codes.split(';')) style = styled(style, Number(code));
    }
    return spans;
  });
}

function styled(style: Style, code: number): Style {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, color: ink };
  return { ...style, color: colors[code] ?? style.color };
}

/** In columns, as a terminal counts: the check mark is no emoji there. */
function widthOf(text: string): number {
  return stringWidth(text.replaceAll('✔', '+'));
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function unescaped(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
