import fc from 'fast-check';

/**
 * `fast-check` with one seed for all, so that the suite is the same each time: `TEST_SEED=n npm test` looks elsewhere, and
 * what fails names its seed.
 */
fc.configureGlobal({ seed: Number(process.env['TEST_SEED'] ?? 20_261_130) });

export { fc };
