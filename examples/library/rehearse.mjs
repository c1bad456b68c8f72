// Takes a manifest through the whole house on the emulator: no key, no cost.
// usage: node rehearse.mjs storyboard.yaml
import { openProject, startEmulator } from 'shotlist';

const emulator = await startEmulator({ key: 'rehearsal', taskMs: { minMs: 100, maxMs: 300 } });
const { baseUrl, key: apiKey } = emulator;
const project = await openProject(process.argv[2], { baseUrl, apiKey, env: {} }); // no settings of yours
try {
  const plan = await project.plan();
  const { accepted, planned } = await project.submit(plan);
  console.error(`${accepted} of ${planned} submitted`);
  await project.collect({ intervalMs: 100 }); // for the real provider leave it out
  const { rows } = await project.report();
  console.log(JSON.stringify(rows.map(({ key, taskId, status, file }) => ({ key, taskId, status, file }))));
} finally {
  await project.close();
  await emulator.close();
}
