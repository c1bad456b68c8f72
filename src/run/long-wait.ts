/** Says that the provider asks for a longer wait than a run makes, and what to do. */
export function longWait(retryAfterMs: number): readonly [message: string, help: string] {
  const [unitMs, unit] = retryAfterMs < 90 * 60_000 ? [60_000, 'minutes'] : [60 * 60_000, 'hours'];
  return [
    `the provider asks to wait ${Math.ceil(retryAfterMs / unitMs)} ${unit}`,
    'run again after that time: what was not sent is sent then',
  ];
}
