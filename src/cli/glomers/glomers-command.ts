/**
 * `maelstrom glomers`: runs the tests of Fly.io's challenges as their pages name them, and compares the measured
 * figures with their limits.
 */
import { resolve } from 'node:path';
import { checkBin } from '../../harness/settings/check-bin.ts';
import { freshSeed } from '../../harness/settings/spec-defaults.ts';
import { counted } from '../../protocol/count-text.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import { UserError } from '../../protocol/user-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Assignment } from '../grading/assignment.ts';
import { figureCells } from '../grading/figures.ts';
import type { Grade } from '../grading/grade-program.ts';
import { stoppable } from '../grading/stoppable.ts';
import { textTable } from '../../protocol/text-table.ts';
import type { Session } from '../session.ts';
import type { Console } from '../show/console.ts';
import { REPORTER } from '../reporters/reporter-option.ts';
import { withReporters, type Reporters } from '../reporters/reporters.ts';
import { flag, withValue, type Given } from '../words/option.ts';
import { parseNumber } from '../words/parse-number.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';
import { STORE } from '../words/shared-options.ts';
import { CHALLENGES, challengesNamed } from './challenges.ts';

const OPTIONS = {
  bin: withValue('--bin <program>', 'the program, as for maelstrom test', { isPath: true, isAnyWord: true }),
  seeds: withValue('--seeds <n>', 'number of runs of each test, each with its own seed', {
    default: '3',
  }),
  seed: withValue('--seed <text>', 'first seed (default: random; always printed)', {
    isAnyWord: true,
  }),
  simulate: flag('--simulate', 'run .ts or .js nodes in virtual time: seconds instead of minutes'),
  store: STORE,
  reporter: REPORTER,
};

export const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'glomers',
  usage: '[CHALLENGE...] --bin PROGRAM [options]',
  about:
    'Runs the Gossip Glomers challenges (https://fly.io/dist-sys/) with their official commands, and compares the measurements with their limits.',
  args: '[challenges...]',
  argValues: CHALLENGES.map(({ name }) => name),
  groups: { 'Options:': OPTIONS },
  epilogue: `
Without --bin it lists the challenges: 1, 2, 3a to 3e, 4, 5a to 5c, 6a to 6c; 3 stands for all of 3a to 3e.

Examples:
  maelstrom glomers 3d --bin ./maelstrom-broadcast
  maelstrom glomers 3a 3b 3c --bin broadcast.ts --simulate --seeds 10

Exit codes: 0 all passed, 1 one did not, 254 bad arguments, 255 internal error.`,
};

export async function run({ args, options }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  if (options.bin === undefined && args.length === 0) {
    for (const line of listing(session.program)) session.console.line(line);
    return EXIT.valid;
  }
  const challenges = challengesNamed(args, 'glomers');
  if (options.bin === undefined)
    throw new UserError(
      'No program was given: --bin is missing.',
      `For example: maelstrom glomers ${args.join(' ')} --bin ./my-node`,
    );
  return grade(challenges, { ...options, bin: options.bin }, session);
}

async function grade(
  challenges: readonly Assignment[],
  options: Given<typeof OPTIONS> & { readonly bin: string },
  session: Session,
): Promise<ExitCode> {
  const runs = parseNumber('--seeds', options.seeds, { min: 1, max: 1000, integer: true, unit: 'seeds' });
  const count = runs * challenges.reduce((sum, { tests: { length } }) => sum + length, 0);
  return withReporters(options.reporter, session, count, (reporters) =>
    gradeReported(challenges, { ...options, runs, count }, reporters),
  );
}

async function gradeReported(
  challenges: readonly Assignment[],
  options: Given<typeof OPTIONS> & {
    readonly bin: string;
    readonly runs: number;
    readonly count: number;
  },
  { session: { console, program }, add }: Reporters,
): Promise<ExitCode> {
  const { seed = freshSeed(), bin, simulate, store, runs, count } = options;
  checkBin(resolve(bin), simulate ? 'simulated' : 'real');
  const [{ gradeProgram }, { tellFurther, tellGrade }] = await Promise.all([
    import('../grading/grade-program.ts'),
    import('../grading/tell-grade.ts'),
  ]);
  console.line(
    `${counted(challenges.length, 'challenge')} with ${bin}, ${counted(count, 'run')}. Seed: ${seed}`,
  );
  return stoppable(console, async (signal) => {
    const grades: Grade[] = [];
    for (const assignment of challenges) {
      const request = {
        bin,
        seed,
        simulate,
        store,
        program,
        signal,
        onRun: (test: string, ownSeed: string): void =>
          console.showStatus(`[${assignment.name}] ${test} --seed ${ownSeed}`, performance.now()),
      };
      const one = await gradeProgram({
        ...request,
        assignment,
        runs,
        onGraded: ({ reported, test, seed: ownSeed }) =>
          add({ ...reported, suite: `glomers ${assignment.name}`, name: `${test}, seed ${ownSeed}` }),
      });
      console.clearStatus();
      if (one === undefined) return EXIT.interrupted;
      grades.push(one);
      for (const line of tellGrade(one)) console.line(line);
      const further = simulate && one.passes ? furtherOf(assignment) : undefined;
      if (further === undefined) continue;
      const more = await gradeProgram({ ...request, assignment: further, runs: 1 });
      console.clearStatus();
      if (more === undefined) return EXIT.interrupted;
      for (const line of tellFurther(more)) console.line(line);
    }
    console.line('');
    for (const line of summary(grades, console)) console.line(line);
    if (grades.every(({ passes }) => passes)) {
      console.line('');
      for (const line of furtherAdvice(challenges, bin, program)) console.line(line);
    }
    return grades.every(({ passes }) => passes) ? EXIT.valid : EXIT.invalid;
  });
}

/** Returns a table of all grades, with the figures that are limited. */
function summary(grades: readonly Grade[], console: Console): readonly string[] {
  const limited = FIGURE_HEADINGS.map((heading, at) =>
    grades.some(({ figures, assignment: { limits } }) => figureCells(figures, limits)[at] !== '')
      ? heading
      : '',
  );
  const headings = ['challenge', '', 'runs', ...limited, 'verdict'];
  const rows = grades.map((one) => [
    one.assignment.name,
    one.assignment.title,
    `${one.runs.filter(({ validity }) => validity === true).length} of ${one.runs.length} valid`,
    ...figureCells(one.figures, one.assignment.limits),
    one.passes ? 'passes' : 'FAILS',
  ]);
  const verdict = headings.length - 1;
  const isRight = (row: number): boolean => grades[row - 1]?.passes === true;
  return textTable([headings, ...rows], FIGURES, (text, row, column) =>
    row > 0 && column === verdict ? console.paint(isRight(row) ? 'green' : ['red', 'bold'], text) : text,
  );
}

/** Returns the assignment of the further run, which has no limits; undefined if there is none. */
function furtherOf(assignment: Assignment): Assignment | undefined {
  const { further, tests } = assignment;
  return further === undefined
    ? undefined
    : { ...assignment, tests: tests.slice(-1).map((test) => `${test} ${further}`), limits: {} };
}

/** Returns what to try next: the tests of the challenges have one kind of fault, and requests at one rate. */
function furtherAdvice(challenges: readonly Assignment[], bin: string, program: string): readonly string[] {
  const hunts = challenges.flatMap(({ tests }) =>
    tests.slice(-1).map((test) => {
      const words = /-w \S+/.exec(test)?.[0] ?? '';
      const models = /--consistency-models \S+/.exec(test)?.[0];
      return `${words}${models === undefined ? '' : ` ${models}`}`;
    }),
  );
  const [real, more] = canBeSimulated(bin)
    ? ['', 'a restart or a clock that jumps. To try these too, add: --nemesis usual,kill,skew']
    : [' --real', 'a restart. To try that too, add: --nemesis usual,kill'];
  return [
    'These tests find only some mistakes. To try lost replies and rare orderings:',
    ...[...new Set(hunts)].map((hunt) => `  ${program} hunt ${hunt} --bin ${shellWord(bin)}${real}`),
    `No challenge requires that a program survives ${more}`,
  ];
}

function canBeSimulated(bin: string): boolean {
  try {
    checkBin(resolve(bin), 'simulated');
    return true;
  } catch {
    return false;
  }
}

const FIGURE_HEADINGS = ['messages/op', 'median', 'maximum'];
const FIGURES = new Set([3, 4, 5]);

function listing(program: string): readonly string[] {
  const rows = CHALLENGES.flatMap(({ name, title, tests }) =>
    tests.map((test, at) => (at === 0 ? [name, title, test] : ['', '', test])),
  );
  return [
    'The challenges of https://fly.io/dist-sys/ and their tests:',
    '',
    ...textTable(rows),
    '',
    `To try one: ${program} glomers 1 --bin ./my-node`,
  ];
}
