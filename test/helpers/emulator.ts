import { onTestFinished } from 'vitest';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.ts';
import { parseFailures } from '../../src/emulator/failures.ts';

/** An emulator that ends with the test, and the variables that point the program at it. */
export async function emulator(
  options: Partial<Omit<EmulatorOptions, 'fail'>> & { fail?: string } = {},
): Promise<Emulator & { env: Record<string, string> }> {
  const { fail, ...others } = options;
  const started = await startEmulator({
    catalog: shippedCatalog,
    key: 'secret-key-of-the-test',
    clock: systemClock,
    seed: 1,
    ...(fail === undefined ? {} : { fail: parseFailures(fail) }),
    ...others,
  });
  onTestFinished(() => started.close());
  return Object.assign(started, {
    env: { SHOTLIST_BASE_URL: started.baseUrl, SHOTLIST_API_KEY: started.key },
  });
}
