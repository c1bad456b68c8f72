/** A shot as people in the simulation think of it: the film's own number for it, whatever it is called today. */
export interface Shot {
  /** Its id in the manifest. */
  readonly id: string;
  /** The number of the shot in the film: stays through every rename. */
  readonly subject: number;
  /** Counts edits of what is asked for. */
  readonly version: number;
  readonly takes: number;
}

export interface Storyboard {
  readonly project: string;
  readonly maxRequests: number;
  readonly shots: readonly Shot[];
}

/** The content of one paid request, told by its prompt alone: it holds the provider's books against people's words. */
export interface Content {
  readonly subject: number;
  readonly version: number;
}

export function promptOf({ subject, version }: Content): string {
  return `Subject ${subject}, version ${version}`;
}

/** @throws TypeError for a prompt that nobody in the simulation wrote. */
export function contentOf(prompt: string): Content {
  const found = /^Subject (\d+), version (\d+)$/.exec(prompt);
  if (found === null) throw new TypeError(`nobody wrote the prompt ${JSON.stringify(prompt)}`);
  return { subject: Number(found[1]), version: Number(found[2]) };
}

/** The manifest, as a person would write it. */
export function manifestText({ project, maxRequests, shots }: Storyboard): string {
  const lines = [
    'version: 1',
    `project: ${project}`,
    `budget: { currency: CNY, prices: { videos: 5 }, maxRequests: ${maxRequests} }`,
    'shots:',
  ];
  for (const { id, takes, ...content } of shots) {
    lines.push(`  - id: ${id}`, '    model: videos', '    duration: 5', `    prompt: ${promptOf(content)}`);
    if (takes > 1) lines.push(`    takes: ${takes}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Reads back what `manifestText` wrote. */
export function readStoryboard(text: string): Storyboard {
  const shots: Shot[] = [];
  const blocks = text.split(/^ {2}- id: /m).slice(1);
  for (const block of blocks) {
    const [id = ''] = block.split('\n');
    const prompt = /prompt: (.*)$/m.exec(block)?.[1] ?? '';
    shots.push({ id, ...contentOf(prompt), takes: Number(/takes: (\d+)/.exec(block)?.[1] ?? 1) });
  }
  return {
    project: /^project: (.*)$/m.exec(text)?.[1] ?? '',
    maxRequests: Number(/maxRequests: (\d+)/.exec(text)?.[1] ?? 0),
    shots,
  };
}
