/**
 * Runs simulated tests through the library, one after another in one process: `run-fillers.mjs STORE CASES`, where CASES is
 * JSON, `{ NAME: { program, args, own } }`. Prints the outcome of each as a line of JSON. The memory flags of this process
 * apply to the simulation.
 */
import { runTest, WORKLOADS } from '../../dist/index.js';

const [store, cases] = process.argv.slice(2);
for (const [name, { program, args, own }] of Object.entries(JSON.parse(cases))) {
  const log = [];
  const { results, folder } = await runTest({
    // A workload of the caller's own runs in this process.
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
