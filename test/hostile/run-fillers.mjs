/**
 * Runs simulated tests by the library, in one process, one after the other: `run-fillers.mjs STORE CASES`, where CASES is JSON,
 * `{ NAME: { program, args, own } }`. Prints for each a line of JSON: what came of it. Its own memory flags hold for the simulation.
 */
import { runTest, WORKLOADS } from '../../dist/index.js';

const [store, cases] = process.argv.slice(2);
for (const [name, { program, args, own }] of Object.entries(JSON.parse(cases))) {
  const log = [];
  const { results, folder } = await runTest({
    // One of the caller's own runs in this process.
    workload: own ? { ...WORKLOADS.get('echo') } : 'echo',
    bin: program,
    args,
    world: 'simulated',
    nodes: ['n0', 'n1'],
    timeLimitSeconds: 1,
    rate: 50,
    seed: 'full',
    nemesis: own === undefined ? [] : ['partition'],
    nemesisIntervalSeconds: 0.3,
    store,
    report: false,
    onLog: (line) => log.push(line),
  });
  console.log(
    JSON.stringify({ name, valid: results['valid?'], problems: results.nodes.problems, folder, log }),
  );
}
