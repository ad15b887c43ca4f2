/** Entry point of the explorer processes (dist/explore-worker.js), which explore-processes.ts starts. */
import { serveParent } from '../harness/simulations/simulation-worker.ts';
import type { Brancher } from './branch.ts';
import type { FromExplorer, ToExplorer } from './explore-messages.ts';
import { openBrancher } from './open-brancher.ts';

let brancher: Promise<Brancher> | undefined;

serveParent(async ({ number, settings, branch }: ToExplorer) => {
  brancher ??= openBrancher(settings);
  const result = await (await brancher).run(branch);
  if (result === undefined) throw new Error('a branch was given up that nothing has ended');
  const { user, system } = process.cpuUsage();
  const carried: FromExplorer = {
    kind: 'carried',
    number,
    answer: { result, cpuMs: (user + system) / 1000 },
  };
  process.send?.(carried);
});
