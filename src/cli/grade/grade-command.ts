/** `maelstrom grade`: grades every program in a folder by a list of challenges or assignments, for a class. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolders } from '../../files/make-folders.ts';
import { explainFileError } from '../../store/explain-file-error.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { freshSeed } from '../../harness/settings/spec-defaults.ts';
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { CHALLENGES, challengesNamed } from '../glomers/challenges.ts';
import type { Assignment } from '../grading/assignment.ts';
import { stoppable } from '../grading/stoppable.ts';
import type { Session } from '../session.ts';
import { REPORTER } from '../reporters/reporter-option.ts';
import { withReporters, type Reporters } from '../reporters/reporters.ts';
import { flag, withValue, type Given } from '../words/option.ts';
import { parseNumber } from '../words/parse-number.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';

const OPTIONS = {
  challenges: withValue('--challenges <names>', 'Gossip Glomers challenges, comma-separated: 1,2,3a', {
    values: CHALLENGES.map(({ name }) => name),
  }),
  assignments: withValue('--assignments <file>', 'your own assignments, in .json, .ts or .js', {
    isPath: true,
  }),
  runs: withValue('--runs <n>', 'number of runs of each test, unless its assignment says otherwise', {
    default: '1',
  }),
  seed: withValue(
    '--seed <text>',
    'first seed, the same for all programs (default: random; always printed)',
    {
      isAnyWord: true,
    },
  ),
  simulate: flag('--simulate', 'run .ts or .js nodes in virtual time'),
  jobs: withValue('--jobs <n>', 'number of programs to grade in parallel (default: half of the processors)'),
  out: withValue('--out <folder>', 'folder for runs and grades', {
    default: 'grades',
    isPath: true,
  }),
  reporter: REPORTER,
};

export const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'grade',
  usage: 'FOLDER (--challenges NAMES | --assignments FILE) [options]',
  about:
    'Grades every program in a folder: executable files and scripts, or one subfolder per submission. Writes grades.csv and grades.html.',
  args: '[folder]',
  groups: { 'Options:': OPTIONS },
  epilogue: `
In a folder that was handed in, an assignment is about the file that it names as its bin, or else about the one called like the
assignment, like its workload, main, node or index, or the only program there.

Examples:
  maelstrom grade handed-in --challenges 1,2,3a,3b --simulate
  maelstrom grade handed-in --assignments week-3.json --jobs 4

Exit codes: 0 all passed, 1 one did not, 254 bad arguments or a file of the assignments at fault, 255 internal error.`,
};

const FILES = { csv: 'grades.csv', page: 'grades.html' } as const;

export async function run({ args, options }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  const [folder] = args;
  if (folder === undefined)
    throw new UserError('No folder was named.', 'For example: maelstrom grade handed-in --challenges 1,2');
  const assignments = await assignmentsOf(options);
  return withReporters(options.reporter, session, undefined, (reporters) =>
    grade(folder, assignments, options, reporters),
  );
}

async function assignmentsOf({
  challenges,
  assignments,
}: Given<typeof OPTIONS>): Promise<readonly Assignment[]> {
  if ((challenges === undefined) === (assignments === undefined))
    throw new UserError(
      `${challenges === undefined ? 'Neither' : 'Both'} --challenges ${challenges === undefined ? 'nor' : 'and'} --assignments ${challenges === undefined ? 'is' : 'are'} given: one of them says what is graded.`,
      'For example: maelstrom grade handed-in --challenges 1,2,3a',
    );
  if (challenges !== undefined) return challengesNamed(challenges.split(','), '--challenges');
  const { readAssignments } = await import('./read-assignments.ts');
  return readAssignments(assignments ?? '');
}

async function grade(
  folder: string,
  assignments: readonly Assignment[],
  options: Given<typeof OPTIONS>,
  { session: { console, program }, add }: Reporters,
): Promise<ExitCode> {
  const { seed = freshSeed(), simulate } = options;
  const whole = { min: 1, max: 1000, integer: true };
  const runs = parseNumber('--runs', options.runs, { ...whole, unit: 'runs' });
  const jobs =
    options.jobs === undefined
      ? Math.max(1, Math.floor(availableParallelism() / 2))
      : parseNumber('--jobs', options.jobs, { ...whole, unit: 'jobs' });
  const { submissionsOf } = await import('./submissions.ts');
  const submissions = submissionsOf(folder);
  const out = resolve(options.out);
  openFolder(out, options.out);
  console.line(
    `${counted(submissions.length, 'program')}, ${counted(assignments.length, 'assignment')}. Seed: ${seed}`,
  );
  const [{ gradeAll }, { tellGrade }, { gradeRows, gradesCsv, gradesPage, wordOf }, { textTable }] =
    await Promise.all([
      import('./grade-all.ts'),
      import('../grading/tell-grade.ts'),
      import('./grade-book.ts'),
      import('../../protocol/text-table.ts'),
    ]);
  return stoppable(console, async (signal) => {
    const entries = await gradeAll(
      { submissions, assignments, jobs, runs, seed, simulate, out, program, signal, report: add },
      (entry) => {
        const word = wordOf(entry);
        console.line(
          `${shownText(entry.name)}  ${entry.assignment.name}  ${console.paint(COLOURS.get(word) ?? ['red', 'bold'], word)}`,
        );
        if (entry.missing !== undefined) console.line(`  ${shownText(entry.missing)}`);
        if (entry.grade === undefined) return;
        for (const line of tellGrade(entry.grade)) console.line(`  ${line}`);
      },
    );
    if (entries === undefined) return EXIT.interrupted;
    const rows = gradeRows(
      submissions.map(({ name }) => name),
      assignments,
      entries,
    );
    writeFileSync(join(out, FILES.csv), gradesCsv(entries));
    writeFileSync(join(out, FILES.page), gradesPage(rows, entries, out));
    console.line('');
    const paint = (text: string): string => {
      const colour = COLOURS.get(text.trim());
      return colour === undefined ? text : console.paint(colour, text);
    };
    const shown = rows.map(([name = '', ...cells]) => [shownText(name), ...cells]);
    for (const line of textTable(shown, new Set(), paint)) console.line(line);
    console.line('');
    console.line(`Grades: ${shortPath(join(out, FILES.csv))}, ${shortPath(join(out, FILES.page))}`);
    const ungraded = entries.filter((entry) => wordOf(entry) === 'no verdict').length;
    if (ungraded > 0)
      throw new UserError(
        `${counted(ungraded, 'grade')} of ${entries.length} could not be given because of an error in a file of the assignments, not in the program; they are shown as "no verdict".`,
        'The error and its place are shown above. Fix it and grade again.',
      );
    return entries.every((entry) => entry.grade?.passes === true) ? EXIT.valid : EXIT.invalid;
  });
}

const COLOURS = new Map<string, 'green' | 'yellow' | 'red'>([
  ['passes', 'green'],
  ['missing', 'yellow'],
  ['no verdict', 'yellow'],
  ['FAILS', 'red'],
]);

/** Creates the output folder. Throws a UserError if it holds anything but earlier grades. */
function openFolder(path: string, asGiven: string): void {
  if (existsSync(path) && readdirSync(path).length > 0 && !existsSync(join(path, FILES.csv)))
    throw new UserError(
      `--out: ${asGiven} contains files that are not grades.`,
      'Choose a new folder, or one with earlier grades.',
    );
  try {
    makeFolders(path);
  } catch (error) {
    throw new UserError(`--out: ${explainFileError(path, error)}`);
  }
}
