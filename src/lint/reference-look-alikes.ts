/** Something in a text that was meant to be a reference and is none. */
export interface LookAlike {
  readonly text: string;
  /** `vars` or `assets`. */
  readonly space: string;
  readonly name: string;
  /** The reference as it is written: `${vars.look}`. */
  readonly meant: string;
}

const like =
  /(?<sign>[$＄]?)(?<open>\{\{?|｛｛?|\(|（)?[ \t]*(?<space>vars|assets)[.．。](?<name>[\p{L}\p{N}_][\p{L}\p{N}_.-]*)[ \t]*(?<close>\}\}?|｝｝?|\)|）)?/gu;

/**
 * Each of them: `$vars.look`, `$(vars.look)`, `{vars.look}`, `{{vars.look}}`, and those with full-width signs. A literal
 * `${vars.look}`, which a text gets by `$${`, is meant as it stands.
 */
export function* referenceLookAlikes(text: string): Generator<LookAlike> {
  if (!text.includes('vars') && !text.includes('assets')) return;
  for (const { 0: whole, groups = {} } of text.matchAll(like)) {
    const { sign = '', open = '', space = '', name = '' } = groups;
    if (whole.startsWith('${') && !whole.startsWith('${{')) continue;
    if (sign === '' && !/^[{｛]/.test(open)) continue;
    const written = name.replace(/[.-]+$/, '');
    yield {
      text: open === '' ? whole.trimEnd().replace(/[.-]+$/, '') : whole,
      space,
      name: written,
      meant: `\${${space}.${written}}`,
    };
  }
}
