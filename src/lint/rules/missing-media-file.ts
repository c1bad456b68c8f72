import type { LocalMedium } from '../../media/local-medium.ts';
import { localUses } from '../local-files.ts';
import type { Rule } from '../rule.ts';
import { looksLikeHost } from '../url.ts';
import { shown } from '../words.ts';

export const missingMediaFile: Rule = {
  id: 'missing-media-file',
  severity: 'error',
  summary: 'A media file is not where the manifest says',
  why: 'A media value without a scheme is a path, relative to the file that names it. The name counts letter by letter: what another system finds in spite of another case is not found on the next one.',
  provider: 'Never sees it: nothing is sent.',
  bad: `version: 1
project: demo
store: { s3: plates/neon }
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - plates/mika-fornt.png
`,
  good: `version: 1
project: demo
store: { s3: plates/neon }
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - plates/mika-front.png
`,
  local: {
    'plates/mika-fornt.png': { kind: 'missing', meant: 'plates/mika-front.png', isCase: false },
  },
  check(context) {
    for (const { use, medium } of localUses(context)) {
      const problem = judge(use.value, medium);
      if (problem !== undefined)
        context.report({ ...problem, origin: use.origin, mark: 'value' }, use.version);
    }
  },
};

/** Without what may be the signature of a URL that lost its scheme. */
function named(value: string): string {
  return shown(value.replace(/\?.*=.*$/s, '?…'));
}

function judge(
  value: string,
  medium: LocalMedium,
): { readonly message: string; readonly help: string } | undefined {
  if (medium.kind === 'unfit') {
    return { message: `${named(value)} ${medium.why}`, help: 'Name a file that may be read' };
  }
  if (medium.kind === 'file') {
    const { writtenOnDisk } = medium;
    if (writtenOnDisk === null) return undefined;
    return {
      message: `${named(value)} is ${shown(writtenOnDisk)} on the disk, and another system does not find it`,
      help: `Write it as it is on the disk: ${shown(writtenOnDisk)}`,
    };
  }
  if (medium.kind !== 'missing') return undefined;
  const { meant, isCase } = medium;
  const message = `There is no file ${named(value)}`;
  if (meant !== null) {
    return isCase
      ? {
          message: `${message}, only ${shown(meant)}: the case of letters counts`,
          help: `Write ${shown(meant)}`,
        }
      : { message, help: `Did you mean ${shown(meant)}?` };
  }
  if (looksLikeHost(value)) {
    return { message, help: `If it is a URL, write the scheme too: ${shown(`https://${value}`)}` };
  }
  return {
    message,
    help: value.includes('\\')
      ? 'Write slashes (`/`) between folders, on every system'
      : 'Correct the path, which is relative to the file that names it; or give an https URL',
  };
}
