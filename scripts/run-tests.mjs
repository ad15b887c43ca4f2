/**
 * Runs vitest and ends with one plain line, `N passed, N failed`, with the number of skipped tests if there are any,
 * counted from vitest's own report. A file that could not be loaded, or an error outside any test, counts as one
 * failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = `${root}.build/test-report.json`;
mkdirSync(`${root}.build`, { recursive: true });
rmSync(report, { force: true });

const words = [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
];
const { status, error } = spawnSync(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, ...words], {
  cwd: root,
  env: { ...process.env, MAELSTROM_TESTS_BY_NODE: '1' },
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (error !== undefined) console.error(`vitest could not be started: ${error.message}`);

const { passed, failed: failedTests, skipped } = readReport();
// vitest failed without a failed test: an unhandled error, or a report that was never written.
const failed = status !== 0 && failedTests === 0 ? 1 : failedTests;
console.log(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
process.exitCode = status === 0 && failed === 0 ? 0 : 1;

function readReport() {
  let json;
  try {
    json = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    console.error('vitest left no report');
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const brokenFiles = json.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    passed: json.numPassedTests,
    failed: json.numFailedTests + brokenFiles.length,
    skipped: json.numPendingTests,
  };
}
