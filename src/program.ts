// Everything that `main.ts` loads once there is something to do: one file in a release, with its code in V8's cache.
export { runCli } from './cli/cli.ts';
export { systemClock } from './core/clock.ts';
export { userAtHost } from './core/user.ts';
