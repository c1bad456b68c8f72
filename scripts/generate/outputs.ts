import { modelsPage } from '../../src/catalog/models-doc.ts';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import { rulesPage } from '../../src/lint/rules-doc.ts';
import { signedUrlsPage } from '../../src/manifest/signed-urls-doc.ts';
import { cliPage } from './cli.ts';
import { manifestPage } from './manifest-page.ts';
import type { Output } from './output.ts';
import { reportPageCode } from './report-page.ts';
import { readSchema } from './schemas.ts';
import { schemaTypes, validatorCode } from './validator.ts';

/** Everything that is generated; a new one is one entry. */
export const outputs: readonly Output[] = [
  {
    file: 'src/generated/manifest-validator.ts',
    content: () =>
      validatorCode(readSchema('manifest.schema.json'), {
        validateManifest: '#',
        validateFragment: '#/$defs/fragment',
      }),
  },
  {
    file: 'src/generated/manifest-types.ts',
    content: () => schemaTypes(readSchema('manifest.schema.json'), 'ManifestFile'),
  },
  { file: 'docs/manifest.md', content: () => manifestPage(readSchema('manifest.schema.json')) },
  {
    file: 'src/generated/models-validator.ts',
    content: () => validatorCode(readSchema('models.schema.json'), { validateModels: '#' }),
  },
  {
    file: 'src/generated/models-types.ts',
    content: () => schemaTypes(readSchema('models.schema.json'), 'ModelsFile'),
  },
  {
    file: 'src/generated/plan-validator.ts',
    content: () => validatorCode(readSchema('plan.schema.json'), { validatePlan: '#' }),
  },
  {
    file: 'src/generated/report-types.ts',
    content: () => schemaTypes(readSchema('report.schema.json'), 'ReportFile'),
  },
  { file: 'src/generated/report-page.ts', content: reportPageCode },
  { file: 'docs/rules.md', content: rulesPage },
  { file: 'docs/models.md', content: () => modelsPage(shippedCatalog) },
  { file: 'docs/signed-urls.md', content: signedUrlsPage },
  { file: 'docs/cli.md', content: cliPage },
];
