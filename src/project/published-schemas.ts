/** The published JSON Schemas, loaded only when one is asked for. */
export const publishedSchemas: Readonly<
  Record<string, { readonly summary: string; readonly load: () => Promise<unknown> }>
> = {
  manifest: {
    summary: 'the manifest and its fragments',
    load: async () => (await import('../../schemas/manifest.schema.json')).default,
  },
  models: {
    summary: 'a file that extends or overrides the model catalog',
    load: async () => (await import('../../schemas/models.schema.json')).default,
  },
  plan: {
    summary: 'what plan --format json prints, and plan --out saves',
    load: async () => (await import('../../schemas/plan.schema.json')).default,
  },
  report: {
    summary: 'the JSON report',
    load: async () => (await import('../../schemas/report.schema.json')).default,
  },
};
