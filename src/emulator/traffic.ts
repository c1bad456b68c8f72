/** The purpose of a request to the emulator. */
export type RequestKind = 'create' | 'query' | 'clip' | 'other';

/** Numbers of requests, by what they were for. A create or query with a wrong key counts as `other`. */
export interface Traffic {
  readonly requests: Readonly<Record<RequestKind, number>>;
  /** Now: read or waiting to be answered. */
  readonly inFlight: Readonly<Record<RequestKind, number>>;
  /** The most there ever were at one moment. A request ends when the last of its answer is handed to the connection. */
  readonly maxInFlight: Readonly<Record<RequestKind, number>>;
}

export interface TrafficCounter {
  /** @returns its position among its kind, from 1, and what to call at its end; a second call does nothing. */
  begin(kind: RequestKind): { readonly position: number; end(): void };
  inFlight(kind: RequestKind): number;
  read(): Traffic;
}

export function createTrafficCounter(): TrafficCounter {
  const requests = { create: 0, query: 0, clip: 0, other: 0 };
  const inFlight = { ...requests };
  const maxInFlight = { ...requests };
  return {
    begin: (kind) => {
      requests[kind] += 1;
      inFlight[kind] += 1;
      maxInFlight[kind] = Math.max(maxInFlight[kind], inFlight[kind]);
      let open = true;
      return {
        position: requests[kind],
        end: () => {
          if (open) inFlight[kind] -= 1;
          open = false;
        },
      };
    },
    inFlight: (kind) => inFlight[kind],
    read: () => ({ requests: { ...requests }, inFlight: { ...inFlight }, maxInFlight: { ...maxInFlight } }),
  };
}
