/** The answers that a new storyboard begins with. */
export interface StarterAnswers {
  readonly project: string;
  readonly title: string;
  readonly model: string;
  readonly ratio: string;
  /** Price of one request of the model; null where it is not known. */
  readonly price: number | null;
  readonly currency: string;
  /** `bucket/prefix` of an S3-compatible store; null for none. */
  readonly store: string | null;
}

/** The place of the schema for editors, relative to the storyboard. */
export const schemaPath = 'schemas/manifest.schema.json';

/** Begins with two shots from words alone; the other ways to make a shot are there as comments. */
export function starterManifest(answers: StarterAnswers): string {
  const { project, title, model, ratio, price, currency } = answers;
  const store = storeIn(answers);
  const budget =
    price === null
      ? `# What one request costs. The provider publishes no prices, so they are yours to state. A run that would cross a
# limit sends nothing at all.
# budget:
#   currency: ${currency}
#   prices: { ${model}: 5 }
#   maxCost: 100
`
      : `# What one request costs, and the most that this project may ever cost. A run that would cross it sends nothing.
budget:
  currency: ${currency}
  prices: { ${model}: ${price} }
  maxCost: ${Math.ceil(price * 20)}
`;
  return `# yaml-language-server: $schema=${schemaPath}
#
#   shotlist lint storyboard.yaml     every mistake, before it costs anything
#   shotlist plan storyboard.yaml     what would be sent, and what it would cost
#   shotlist run storyboard.yaml      asks, submits, remembers

version: 1

# The name under which the ledger remembers what was paid. Another name is another project, so choose it once.
project: ${project}
title: ${JSON.stringify(title)}

# Words that many prompts share: \${vars.look}
vars:
  look: cinematic, 35mm film, soft light

${store}
# Media that is used more than once: \${assets.hero}. The provider fetches it, so it is on the open web, or in the store.
assets: {}
#  hero: https://cdn.example.com/hero.png
#  alley: plates/alley.png # a file, beside this one; needs the store

# What holds for every shot that does not say otherwise.
defaults:
  model: ${model} # shotlist models shows all of them
  duration: 5 # seconds
  ratio: "${ratio}" # in quotes

${budget}
scenes:
  - id: sc010
    title: Opening
    shots:
      # From words alone. A good prompt names scene, subject, motion, camera and style.
      - id: sh0010
        prompt: A harbour town at dawn, gulls over the roofs, slow aerial dolly forward, \${vars.look}

      - id: sh0020
        prompt: A fisherman coils a rope on the pier, breath visible in the cold, handheld camera, \${vars.look}
        takes: 2 # two requests for the same shot, to choose from: both are billed

      # From a first and a last frame:
      # - id: sh0030
      #   mode: frames
      #   prompt: The harbour dissolves into fog
      #   first_image: https://cdn.example.com/sh0030-first.png
      #   last_image: https://cdn.example.com/sh0030-last.png

      # From reference images, with one more request for each variant:
      # - id: sh0040
      #   mode: references
      #   promptFile: prompts/sh0040.md
      #   referenceImages: ["\${assets.hero}"]
      #   variants:
      #     wide: {}
      #     tall: { ratio: "9:16" }
`;
}

function storeIn({ store }: StarterAnswers): string {
  const settings = (at: string): string => `store:
${at}  s3: ${store ?? 'my-bucket/plates'}
#  endpoint: https://s3.eu-central-1.amazonaws.com # or AWS_ENDPOINT_URL_S3
#  region: eu-central-1 # or AWS_REGION
#  publicBase: https://plates.example.com # where anyone can read them; without it, URLs are signed
`;
  return `# Files of your own disk go up here, each once, and the provider fetches them: any S3-compatible service.
${store === null ? `# ${settings('#')}` : settings('')}`;
}

export const envExample = `# Copy to .env and put your key in. .env is ignored by git: a key never goes into a commit.
SHOTLIST_API_KEY=

# Only for another gateway, or for the emulator (shotlist emulator prints both):
# SHOTLIST_BASE_URL=

# Only for a store, where files of your own disk go:
# AWS_ACCESS_KEY_ID=
# AWS_SECRET_ACCESS_KEY=
`;

export const vsCodeSettings = `{
  // A storyboard names its schema in its first line, which every editor with a YAML language server reads.
  "[yaml]": {
    "editor.tabSize": 2,
    "editor.insertSpaces": true,
    "editor.wordWrap": "on",
    // Suggestions inside values: modes, models, ratios.
    "editor.quickSuggestions": { "other": true, "comments": false, "strings": true }
  },
  // Prompts are in many languages.
  "editor.unicodeHighlight.ambiguousCharacters": false,
  "files.eol": "\\n"
}
`;

export const vsCodeExtensions = `{
  "recommendations": ["redhat.vscode-yaml"]
}
`;

/** Lines that must be in a file which may be there already. */
export const gitIgnoreLines: readonly string[] = ['.shotlist/', '.env'];
export const gitAttributesLines: readonly string[] = ['*.ledger.jsonl merge=union'];
