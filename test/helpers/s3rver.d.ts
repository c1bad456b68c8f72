declare module 's3rver' {
  interface Context {
    readonly method: string;
    readonly path: string;
    readonly req: { resume(): void };
    status: number;
    body: string;
  }
  type Middleware = (context: Context, next: () => Promise<unknown>) => Promise<unknown>;

  /** The parts of the server that tests use. */
  class S3rver {
    constructor(options: {
      readonly address: string;
      readonly port: number;
      readonly silent: boolean;
      readonly directory: string;
      readonly configureBuckets: readonly { readonly name: string; readonly configs: readonly string[] }[];
    });
    readonly middleware: Middleware[];
    run(): Promise<{ readonly port: number }>;
    close(): Promise<void>;
  }
  export = S3rver;
}
