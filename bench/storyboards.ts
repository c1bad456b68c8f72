import { writeFileSync } from 'node:fs';

/** Writes a manifest of `shots` plain shots, in scenes of a hundred. */
export function writeStoryboard(file: string, shots: number): void {
  const lines = [
    'version: 1',
    'project: bench',
    'defaults:',
    '  model: videos_stable',
    '  duration: 5',
    'budget:',
    '  currency: CNY',
    '  prices: { videos_stable: 5 }',
    'scenes:',
  ];
  for (let shot = 0; shot < shots; shot += 1) {
    if (shot % 100 === 0) lines.push(`  - id: sc${String(shot / 100).padStart(4, '0')}`, '    shots:');
    lines.push(
      `      - id: sh${String(shot).padStart(5, '0')}`,
      `        prompt: Shot ${shot}, a street market at dawn, slow dolly in past fruit stalls, soft light, 35mm`,
      '        ratio: "16:9"',
    );
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

export interface StoryboardOptions {
  /** How many of the shots have a mistake: a ratio without quotes. */
  readonly wrong?: 'one' | 'each';
}

/** Writes a manifest of `shots` shots as people write them: with media, notes and references, 400 bytes each. */
export function writeFullStoryboard(file: string, shots: number, { wrong }: StoryboardOptions = {}): void {
  const lines = [
    'version: 1',
    'project: bench',
    'defaults:',
    '  model: videos_stable',
    '  duration: 5',
    'vars:',
    '  style: 35mm film, soft light',
    'budget:',
    '  currency: CNY',
    '  prices: { videos_stable: 5 }',
    'scenes:',
  ];
  for (let shot = 0; shot < shots; shot += 1) {
    const scene = Math.floor(shot / 100);
    if (shot % 100 === 0) {
      lines.push(`  - id: sc${String(scene).padStart(4, '0')}`, `    title: Scene ${scene}`, '    shots:');
    }
    const isWrong = wrong === 'each' || (wrong === 'one' && shot === shots - 1);
    lines.push(
      `      - id: sh${String(shot).padStart(5, '0')}`,
      `        prompt: Shot ${shot}, a street market at dawn with fruit stalls, slow dolly in past the sellers, steam over the kettles, \${vars.style}`,
      `        ratio: ${isWrong ? '16:9' : '"16:9"'}`,
      '        resolution: 720p',
      `        referenceImages: [ "https://cdn.example.com/ref/${shot}.png", "https://cdn.example.com/ref/${shot}-b.png" ]`,
      '        tags: [market, dawn]',
      '        notes: The camera keeps to the left side of the street; see the board.',
    );
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}
