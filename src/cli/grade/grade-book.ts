/** The grades of a class, formatted as a table, as CSV, and as a page. */
import { relative } from 'node:path';
import { htmlPage } from '../../report/pages/html-page.ts';
import { escapeMarkup } from '../../report/svg/escape.ts';
import { REPORT_FILES } from '../../store/layout.ts';
import type { Assignment } from '../grading/assignment.ts';
import { figureCells, type Figures } from '../grading/figures.ts';
import type { Grade } from '../grading/grade-program.ts';

export interface Entry {
  /** The submission's name. */
  readonly name: string;
  readonly assignment: Assignment;
  /** Undefined if nothing was submitted for this assignment. */
  readonly grade: Grade | undefined;
  /** The contents of the folder, if there is no grade for lack of a program. */
  readonly missing?: string;
}

export const pointsOf = ({ assignment, grade }: Entry): number =>
  grade?.passes === true ? (assignment.points ?? 1) : 0;

export function wordOf({ grade }: Entry): 'passes' | 'FAILS' | 'missing' | 'no verdict' {
  if (grade === undefined) return 'missing';
  if (grade.passes) return 'passes';
  // One run that fails counts, whatever became of the others.
  return grade.runs.every(({ passes, isUngraded }) => passes || isUngraded) ? 'no verdict' : 'FAILS';
}

/** Returns a row for each submission, with a column for each assignment and the sum of points. */
export function gradeRows(
  names: readonly string[],
  assignments: readonly Assignment[],
  entries: readonly Entry[],
): readonly (readonly string[])[] {
  const most = assignments.reduce((sum, { points = 1 }) => sum + points, 0);
  return [
    ['', ...assignments.map(({ name }) => name), 'points'],
    ...names.map((name) => {
      const own = entries.filter((entry) => entry.name === name);
      const cells = assignments.map((assignment) => {
        const entry = own.find((one) => one.assignment === assignment);
        return entry === undefined ? '' : wordOf(entry);
      });
      return [name, ...cells, `${sumOf(own)} of ${most}`];
    }),
  ];
}

const sumOf = (entries: readonly Entry[]): number => entries.reduce((sum, entry) => sum + pointsOf(entry), 0);

const CSV_COLUMNS = [
  'name',
  'assignment',
  'verdict',
  'points',
  'valid',
  'runs',
  'messages_per_op',
  'median_ms',
  'maximum_ms',
  'what',
  'command',
  'folder',
];

/** Formats the grades as CSV (RFC 4180), with a row for each program and assignment. */
export function gradesCsv(entries: readonly Entry[]): string {
  const rows = entries.map((entry) => {
    const { grade, name, assignment } = entry;
    const failed = grade?.runs.find(({ passes }) => !passes);
    const { messagesPerOperation, medianMs, maximumMs }: Figures = grade?.figures ?? {};
    return [
      name,
      assignment.name,
      wordOf(entry).toLowerCase(),
      pointsOf(entry),
      grade?.runs.filter(({ validity }) => validity === true).length,
      grade?.runs.length,
      messagesPerOperation,
      medianMs,
      maximumMs,
      failed === undefined ? entry.missing : whatOf(failed),
      failed?.command,
      failed?.folder,
    ];
  });
  return [CSV_COLUMNS, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** Escapes a cell. Sentences quote the output of nodes, which a spreadsheet must not take for a formula. */
function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function whatOf({ sentence, beyond, validity }: Grade['runs'][number]): string {
  return [...(validity === true ? [] : [sentence.replaceAll(/\s*\n\s*/g, ' ')]), ...beyond].join('; ');
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 1100px; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #8885; }
.passes { color: light-dark(#18632f, #7dd491); }
.fails { color: light-dark(#a51d24, #ff9a98); font-weight: 600; }
.missing { color: light-dark(#5c5f66, #a3a7b0); }
code { overflow-wrap: anywhere; }
`;

/** Returns the page of the grades. `folder` is the page's folder, to which its links are relative. */
export function gradesPage(
  rows: readonly (readonly string[])[],
  entries: readonly Entry[],
  folder: string,
): string {
  const [headings = [], ...body] = rows;
  const summary = `<div class="wide"><table><thead><tr>${headings.map((text) => `<th scope="col">${escapeMarkup(text)}</th>`).join('')}</tr></thead><tbody>${body
    .map(
      ([name = '', ...cells]) =>
        `<tr><th scope="row">${escapeMarkup(name)}</th>${cells.map((text) => `<td class="${classOf(text)}">${escapeMarkup(text)}</td>`).join('')}</tr>`,
    )
    .join('\n')}</tbody></table></div>`;
  const failures = entries.flatMap((entry) => failureOf(entry, folder));
  return htmlPage({
    title: 'Grades',
    style: STYLE,
    body: `<h1>Grades</h1>\n${summary}\n${failures.length === 0 ? '' : `<h2>What is wrong</h2>\n${failures.join('\n')}`}`,
  });
}

/** Returns a path as an address: names of folders may contain `#`, `?` and `%`. */
const addressOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['FAILS', 'fails'],
  ['passes', 'passes'],
  ['missing', 'missing'],
  ['no verdict', 'missing'],
]);
const classOf = (text: string): string => CLASSES.get(text) ?? '';

function failureOf({ name, assignment, grade, missing }: Entry, folder: string): readonly string[] {
  const heading = `<section><h3>${escapeMarkup(`${name}: ${[assignment.name, assignment.title].join(' ').trim()}`)}</h3>`;
  if (missing !== undefined) return [heading, `<p>${escapeMarkup(missing)}</p></section>`];
  const failed = grade?.runs.filter(({ passes }) => !passes) ?? [];
  const [first] = failed;
  if (first === undefined || grade === undefined) return [];
  const figures = figureCells(grade.figures, assignment.limits).filter((text) => text !== '');
  const report =
    first.folder === undefined ? undefined : relative(folder, `${first.folder}/${REPORT_FILES.report}`);
  return [
    heading,
    `<p>${escapeMarkup(whatOf(first))}</p>`,
    `<p>${failed.length} of ${grade.runs.length} runs failed.${figures.length === 0 ? '' : ` Worst figures: ${escapeMarkup(figures.join(', '))}.`}</p>`,
    ...(report === undefined
      ? []
      : [`<p><a href="${escapeMarkup(addressOf(report))}">Report of the first</a></p>`]),
    `<p><code>${escapeMarkup(first.command)}</code></p></section>`,
  ];
}
