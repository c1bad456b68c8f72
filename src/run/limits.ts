/** Outcomes in a row that nobody knows before a run gives up: the provider, or the way to it, is broken. */
export const doubtsBeforeStop = 5;

/** The longest wait asked for by the provider that a run makes; beyond it, the run ends. */
export const longestPauseMs = 10 * 60_000;
