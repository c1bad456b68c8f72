import { mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from './vitest.config.ts';

/** The crash matrix takes longest, so it begins; what mostly waits runs beside it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isMatrix = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('crash-matrix.test.ts');
    return [...files].sort((a, b) => Number(isMatrix(b)) - Number(isMatrix(a)));
  }
}

export default mergeConfig(base, { test: { sequence: { sequencer: LongestFirst } } });
