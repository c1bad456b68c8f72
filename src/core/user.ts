import { hostname, userInfo } from 'node:os';

/** The user and the machine, `user@host`. Accounts that no user database lists, as in some containers, have no name. */
export function userAtHost(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
