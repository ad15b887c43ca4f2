/**
 * Reports runs as JUnit XML, in the form that Jenkins, GitLab, GitHub Actions and others read: a suite for each
 * workload or challenge, a case for each run. Texts of nodes are escaped as for pages, which leaves no character that
 * XML 1.0 forbids.
 */
import { escapeLines, escapeMarkup } from '../../report/svg/escape.ts';
import { firstLine, secondsOf, tally, type ReportedRun } from './reported-run.ts';

const LONGEST_TEXT = 20_000;

export function junitXml(runs: readonly ReportedRun[]): string {
  const suites = [...new Set(runs.map(({ suite }) => suite))];
  // Jenkins's schema (junit-10.xsd) allows `skipped` for each suite, but not for all of them.
  const { skipped: _, ...all } = counts(runs);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'maelstrom', ...all })}>`,
    ...suites.flatMap((suite) => {
      const own = runs.filter((run) => run.suite === suite);
      return [
        `  <testsuite ${attributes({ name: suite, ...counts(own) })}>`,
        ...own.flatMap(testCase),
        '  </testsuite>',
      ];
    }),
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(runs: readonly ReportedRun[]) {
  const { failed, unknown, stopped } = tally(runs);
  return {
    tests: runs.length,
    failures: failed,
    errors: unknown,
    skipped: stopped,
    time: secondsOf(runs).toFixed(3),
  };
}

function testCase(run: ReportedRun): readonly string[] {
  const { name, suite, seconds } = run;
  const own = attributes({ name, classname: suite, time: seconds.toFixed(3) });
  return [`    <testcase ${own}>`, ...properties(run), ...whatIsWrong(run), '    </testcase>'];
}

function properties({ seed, folder, command, interrupted, checks }: ReportedRun): readonly string[] {
  const all = [
    ['seed', seed],
    ['folder', folder],
    ['command', command],
    ['interrupted', interrupted ? 'true' : null],
    ...checks.map(({ name, figure }) => [`check.${name}`, figure === '' ? null : figure] as const),
  ] as const;
  const given = all.flatMap(([name, value]) =>
    value === null ? [] : [`        <property ${attributes({ name, value })}/>`],
  );
  return given.length === 0 ? [] : ['      <properties>', ...given, '      </properties>'];
}

function whatIsWrong({ outcome, sentence, command, folder }: ReportedRun): readonly string[] {
  if (outcome === 'passed') return [];
  if (outcome === 'stopped') return [`      <skipped ${attributes({ message: sentence })}/>`];
  const element = outcome === 'failed' ? 'failure' : 'error';
  const text = [
    sentence,
    ...(folder === null ? [] : [`Files: ${folder}`]),
    ...(command === null ? [] : [`Again: ${command}`]),
  ].join('\n');
  const message = attributes({
    message: firstLine(sentence),
    type: outcome === 'failed' ? 'invalid' : outcome,
  });
  return [`      <${element} ${message}>${escapeLines(text, LONGEST_TEXT)}</${element}>`];
}

const attributes = (all: Readonly<Record<string, string | number>>): string =>
  Object.entries(all)
    .map(([name, value]) => `${name}="${escapeMarkup(String(value))}"`)
    .join(' ');
