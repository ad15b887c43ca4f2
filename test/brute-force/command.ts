/** `npm run brute-force`: compares as many histories per model as requested, and reports their number. */
import { parseArgs } from 'node:util';
import { compare } from './differential.ts';
import { COMPARED, type Compared } from './models.ts';

const USAGE = `Usage: npm run brute-force -- [--model NAME]... [--count N] [--seed N]

Compares checkers with their definitions on N histories a model (1000000) drawn from a seed (1). NAME is one of
${COMPARED.join(', ')}.`;

function readWords() {
  try {
    return parseArgs({
      options: {
        model: { type: 'string', multiple: true },
        count: { type: 'string', default: '1000000' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(problem: string): never {
  console.error(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

const values = readWords();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const models = COMPARED.filter((name) => values.model === undefined || values.model.includes(name));
const unknown = (values.model ?? []).filter((name) => !models.includes(name as Compared));
const [count, seed] = [Number(values.count), Number(values.seed)];
if (unknown.length > 0) refuse(`There is no model ${unknown.join(', ')}.`);
if (!Number.isInteger(count) || !Number.isInteger(seed)) refuse('--count and --seed are integers.');
let failed = false;
for (const model of models) {
  const start = process.cpuUsage();
  try {
    const { right, wrong, unproved } = compare(model, { seed, first: 0, count, provedEach: 1 });
    const { user, system } = process.cpuUsage(start);
    console.log(
      `${model}: ${count} histories agree (${right} right, ${wrong} wrong${unproved === 0 ? '' : `, ${unproved} without a certificate`}), ${((user + system) / 1e6).toFixed(1)} CPU s`,
    );
  } catch (error) {
    failed = true;
    console.error(error instanceof Error ? error.message : error);
  }
}
process.exit(failed ? 1 : 0);
