/** Explains a grade on the terminal: for each kind of failure the first run, with the command that reproduces it. */
import { shortPath, whereLogs } from '../../harness/settings/short-path.ts';
import { shownLines } from '../../protocol/shown-text.ts';
import type { Grade } from './grade-program.ts';
import type { GradedRun } from './grade-run.ts';

/** Returns the lines for a grade; for a passing one, only remarks on its runs. */
export function tellGrade({ assignment, runs, passes }: Grade): readonly string[] {
  if (passes) return tellRemark(assignment, runs);
  const failed = runs.filter((run) => !run.passes);
  const [first] = failed;
  if (first === undefined) return [];
  const others = failed.length === 1 ? [] : [`  It failed in ${failed.length} of ${runs.length} runs.`];
  return [
    `${[assignment.name, assignment.title].join(' ').trim()}:`,
    ...indented(whatIsWrong(first)),
    ...others,
    ...(first.folder === undefined ? [] : [`  Files: ${shortPath(first.folder)}`]),
    `  Again: ${first.command}`,
    ...(assignment.reading === undefined ? [] : [`  To read: ${assignment.reading}`]),
  ];
}

function tellRemark({ name, title }: Grade['assignment'], runs: Grade['runs']): readonly string[] {
  const remarked = runs.find(({ remarks }) => remarks.length > 0);
  if (remarked === undefined) return [];
  const { remarks, folder } = remarked;
  return [
    `${name} ${title}`.trim() + ' passes. Yet:',
    ...indented(remarks.map((text) => (folder === undefined ? text : whereLogs(text, folder)))),
    `  Again: ${remarked.command}`,
  ];
}

/** Returns the lines for the further run of a passing program; empty if that is not invalid. */
export function tellFurther({ assignment: { name, title, further = '' }, runs }: Grade): readonly string[] {
  const failed = runs.find(({ validity }) => validity === false);
  return failed === undefined
    ? []
    : [
        `${name} ${title} passes. Yet with ${further}:`,
        ...indented(whatIsWrong(failed)),
        ...(failed.folder === undefined ? [] : [`  Files: ${shortPath(failed.folder)}`]),
        `  Again: ${failed.command}`,
      ];
}

const indented = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) =>
    shownLines(text)
      .split('\n')
      .map((line) => `  ${line}`),
  );

function whatIsWrong({ validity, sentence, beyond, folder }: GradedRun): readonly string[] {
  const text = folder === undefined ? sentence : whereLogs(sentence, folder);
  return [...(validity === true ? [] : [text]), ...beyond];
}
