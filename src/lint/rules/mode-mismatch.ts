import type { Mode } from '../../core/mode.ts';
import type { Resolved } from '../../manifest/model.ts';
import { lacking } from '../lacking.ts';
import type { StatedMedia } from '../media.ts';
import { isFarther } from '../media.ts';
import type { Problem, Rule } from '../rule.ts';
import { names, referenceLists } from '../words.ts';

export const modeMismatch: Rule = {
  id: 'mode-mismatch',
  severity: 'error',
  summary: 'The stated mode is not that of the media',
  why: '`mode` says what a clip is made from: words alone (`text`), a first and a last frame (`frames`), or reference media (`references`). It is never sent, since the media decide; stated, it guards against media that were forgotten or inherited by mistake.',
  provider: 'Never sees the mode, and bills whatever the media ask for.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    mode: frames
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    mode: references
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
`,
  check({ subjects, report }) {
    for (const { version, verdict } of subjects) {
      if (verdict?.kind === 'mismatch') report(mismatch(verdict.mode, verdict.media), version);
    }
    for (const { version, item, what: mode } of lacking(subjects, ({ verdict }) =>
      verdict?.kind === 'bare' ? verdict.mode : undefined,
    )) {
      // Whoever states the mode can mend it there; a shot that inherits it lacks the media.
      const inherited = mode.level === 'scene' || mode.level === 'manifest';
      report(
        {
          ...bare(mode.value, inherited),
          origin: inherited ? item : mode.origin,
          mark: inherited ? 'item' : 'value',
        },
        version,
      );
    }
  },
};

function mismatch(mode: Resolved<Mode>, media: StatedMedia): Problem {
  const implied: Mode = media.name === 'first_image' || media.name === 'last_image' ? 'frames' : 'references';
  const atMedia = isFarther(mode.level, media.level);
  return {
    message: `The mode is \`${mode.value}\`${atMedia ? ' by default' : ''}, and \`${media.writtenAs}\` makes it \`${implied}\``,
    help: atMedia
      ? `State \`mode: ${implied}\` beside \`${media.writtenAs}\`, or remove the media`
      : `Write \`mode: ${implied}\`, or leave \`mode\` out, or remove the media`,
    origin: atMedia ? media.stated : mode.origin,
    mark: atMedia ? 'key' : 'value',
  };
}

function bare(mode: Mode, inherited: boolean): Pick<Problem, 'message' | 'help'> {
  const needed = mode === 'frames' ? names(['first_image', 'last_image']) : names(referenceLists, 'or');
  return {
    message: `The mode is \`${mode}\`${inherited ? ' by default' : ''}, and there ${mode === 'frames' ? 'are no frames' : 'is no reference media'}`,
    help: `Add ${needed}, or ${inherited ? 'state' : 'write'} \`mode: text\` for a clip from words alone`,
  };
}
