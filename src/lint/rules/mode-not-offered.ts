import type { Version } from '../../manifest/model.ts';
import { mediaOf } from '../media.ts';
import type { Problem, Rule } from '../rule.ts';
import { names } from '../words.ts';

export const modeNotOffered: Rule = {
  id: 'mode-not-offered',
  severity: 'error',
  summary: 'The model does not generate from what the shot gives it',
  why: 'Not every model generates from words alone, from frames and from references. The catalog knows which does what; a models file can add models that do less.',
  provider: 'Refuses the request, or leaves the media out and bills it.',
  bad: `version: 1
project: demo
models: models.json # its words_only takes no media
shots:
  - id: sh0010
    model: words_only
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
`,
  good: `version: 1
project: demo
models: models.json # its words_only takes no media
shots:
  - id: sh0010
    model: words_only
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
`,
  models: { version: 1, models: { words_only: { extends: 'videos', modes: ['text'] } } },
  check({ subjects, catalog, report }) {
    for (const { version, model, verdict } of subjects) {
      if (model === undefined || model.modes.includes(version.mode) || version.broken.has('mode')) continue;
      // Mode and media disagree, so it is not known which of them is meant.
      if (verdict !== undefined) continue;
      const others = [...catalog.values()].filter(({ modes }) => modes.includes(version.mode));
      const elsewhere =
        others.length === 0
          ? ''
          : `, or use ${names(
              others.map(({ id }) => id),
              'or',
            )}`;
      report(
        {
          message: `\`${model.id}\` does not offer the mode \`${version.mode}\``,
          help: `It offers ${names(model.modes)}: change what the clip is made from${elsewhere}`,
          ...placeOf(version),
        },
        version,
      );
    }
  },
};

/** The stated mode, else the media that imply it, else the model that needs media. */
function placeOf(version: Version): Pick<Problem, 'origin' | 'mark'> {
  if (version.statedMode !== undefined) return { origin: version.statedMode.origin, mark: 'value' };
  const media = mediaOf(version);
  if (media !== undefined) return { origin: media.stated, mark: 'key' };
  return { origin: version.parameters.model?.origin ?? version.origin, mark: 'value' };
}
