/** @import { PageData } from '../page-data.ts' */
/** @import { Row } from './rows.js' */

/**
 * The commands that a person may need next, ready for a POSIX shell.
 *
 * @param {Pick<PageData, 'manifest' | 'flags'>} data the manifest as it was named when the report was written; `-` is
 *   standard input, which no command can name
 */
export function commandsFor({ manifest, flags }) {
  const file = manifest === '-' ? 'storyboard.yaml' : manifest.startsWith('-') ? `./${manifest}` : manifest;
  /**
   * @param {string} name
   * @param {readonly string[]} words
   */
  const command = (name, ...words) => ['shotlist', name, ...[file, ...words, ...flags].map(quote)].join(' ');
  return {
    collect: () => command('collect'),
    submit: () => command('run'),
    retry: () => command('run', '--retry-failed'),
    resolve: () => command('resolve'),
    /**
     * What goes on with one request; null where there is nothing to do.
     *
     * @param {Row} row
     */
    next({ key, status, clip, superseded }) {
      switch (status) {
        case 'inDoubt':
          return command('resolve', key);
        case 'queued':
        case 'processing':
          return command('collect');
        case 'completed':
          return clip === null ? command('collect') : null;
        case 'refused':
        case 'failed':
          return superseded ? null : command('run', '--only', key, '--retry-failed');
        case 'pending':
          return command('run', '--only', key);
        default:
          return null;
      }
    },
  };
}

/** @param {string} word */
function quote(word) {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
