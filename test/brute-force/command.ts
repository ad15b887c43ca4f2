/** `npm run brute-force`: compares as many histories of each model as wanted, and says of each how many it was. */
import { parseArgs } from 'node:util';
import type { ModelName } from '../../src/checkers/model-table.ts';
import { compare } from './differential.ts';
import { DEFINED_MODELS } from './models.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', multiple: true },
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});
const models = DEFINED_MODELS.filter((name) => values.model === undefined || values.model.includes(name));
const unknown = (values.model ?? []).filter((name) => !models.includes(name as ModelName));
const [count, seed] = [Number(values.count), Number(values.seed)];
if (unknown.length > 0 || !Number.isInteger(count) || !Number.isInteger(seed)) {
  console.error(
    `Usage: npm run brute-force -- [--model NAME]... [--count N] [--seed N]; NAME is one of ${DEFINED_MODELS.join(', ')}.`,
  );
  process.exit(2);
}
let failed = false;
for (const model of models) {
  const start = process.cpuUsage();
  try {
    const { right, wrong } = compare(model, { seed, first: 0, count });
    const { user, system } = process.cpuUsage(start);
    console.log(
      `${model}: ${count} histories agree (${right} right, ${wrong} wrong), ${((user + system) / 1e6).toFixed(1)} CPU s`,
    );
  } catch (error) {
    failed = true;
    console.error(error instanceof Error ? error.message : error);
  }
}
process.exit(failed ? 1 : 0);
