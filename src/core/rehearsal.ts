/**
 * The scope of requests, in place of a provider's origin, where nothing can be billed: at a loopback address,
 * which is where the emulator listens. Ledgers and journals hold the word.
 */
export const rehearsalScope = 'loopback';

/**
 * The same where a person says that what listens there passes requests on to a provider that bills them. Whatever its port
 * is: on the machine of a colleague it may be another one.
 */
export const localGatewayScope = 'https://localhost';

/** The header by which the emulator says that nothing is paid for. */
export const emulatorHeader = 'x-shotlist-emulator';

/** @param provider what a ledger files requests under. */
export function isRehearsalScope(provider: unknown): boolean {
  return provider === rehearsalScope;
}
