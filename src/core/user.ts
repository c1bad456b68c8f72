import { hostname, userInfo } from 'node:os';

/** Who is at work on which machine, `user@host`. Accounts without an entry in the user database, as in some containers, have no name. */
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
