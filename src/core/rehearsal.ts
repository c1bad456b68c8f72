/**
 * What requests are filed under, in place of a provider's origin, where nothing can be billed: at a loopback address,
 * which is where the emulator listens. Ledgers and journals hold the word.
 */
export const rehearsalScope = 'loopback';

/** @param provider what a ledger files requests under. */
export function isRehearsalScope(provider: unknown): boolean {
  return provider === rehearsalScope;
}
