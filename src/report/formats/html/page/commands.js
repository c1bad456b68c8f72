/** @import { Row } from './rows.js' */

/**
 * The commands that a person may need next, ready for a POSIX shell.
 *
 * @param {string} manifest as it was named when the report was written; `-` is standard input, which no command can name
 */
export function commandsFor(manifest) {
  const file = manifest === '-' ? 'storyboard.yaml' : quote(manifest);
  return {
    collect: () => `shotlist collect ${file}`,
    submit: () => `shotlist run ${file}`,
    retry: () => `shotlist run ${file} --retry-failed`,
    resolve: () => `shotlist resolve ${file}`,
    /**
     * What goes on with one request; null where there is nothing to do.
     *
     * @param {Row} row
     */
    next({ key, status, clip, superseded }) {
      switch (status) {
        case 'inDoubt':
          return `shotlist resolve ${file} ${quote(key)}`;
        case 'queued':
        case 'processing':
          return `shotlist collect ${file}`;
        case 'completed':
          return clip === null ? `shotlist collect ${file}` : null;
        case 'refused':
        case 'failed':
          return superseded ? null : `shotlist run ${file} --only ${quote(key)} --retry-failed`;
        case 'pending':
          return `shotlist run ${file} --only ${quote(key)}`;
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
