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
