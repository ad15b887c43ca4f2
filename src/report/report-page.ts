/** report.html: everything there is to know of a run on one page that needs no server and no network. */
import type { CheckResult } from '../checkers/checker.ts';
import type { Json } from '../protocol/json.ts';
import { resultsToJson } from '../store/results-text.ts';
import { escapeLines, escapeMarkup } from './escape.ts';
import type { Finding } from './findings.ts';
import { htmlPage } from './html-page.ts';
import { packedData } from './pack.ts';
import { reportData } from './report-data.ts';
import { REPORT_STYLE } from './report-style.ts';
import type { NodeLog, RunFacts } from './run-facts.ts';
import { inlineSvg, type Picture } from './svg.ts';

export interface ReportPageOptions {
  readonly facts: RunFacts;
  readonly plots: readonly Picture[];
  readonly findings: readonly Finding[];
  /** The page's script, bundled from page/report.ts. */
  readonly script: string;
}

const RESULT_TEXT = 300_000;
export function reportPage({ facts, plots, findings, script }: ReportPageOptions): string {
  const sections = [
    section('plots', 'Plots', plots.map(figure).join('\n')),
    findings.length === 0
      ? undefined
      : section('anomalies', 'What shows it', findings.map(findingMarkup).join('\n')),
    section('operations-part', 'Operations', operationsMarkup(facts)),
    section('messages-part', 'Messages', messagesMarkup(facts)),
    section('faults', 'Faults', faultsMarkup(facts)),
    section('logs', 'What nodes wrote to stderr', logsMarkup(facts.nodeLogs)),
    section('results', 'Results', `<pre>${escapeLines(resultsText(facts), RESULT_TEXT)}</pre>`),
  ].filter((part) => part !== undefined);
  const { workload } = facts.test.spec;
  return htmlPage({
    title: `${workload}, ${facts.test.startedAt}`,
    style: REPORT_STYLE,
    script,
    body: [
      headerMarkup(facts),
      `<nav aria-label="Parts of this page">${sections.map(({ id, title }) => `<a href="#${id}">${title}</a>`).join('')}</nav>`,
      `<main>${sections.map(({ markup }) => markup).join('\n')}</main>`,
      `<footer>Written by Maelstrom ${escapeMarkup(facts.test.versions.maelstrom)}. The whole run, live and in detail: <code>maelstrom serve</code></footer>`,
      packedData('data', reportData(facts)),
    ].join('\n'),
  });
}

/** The verdict as a word, and the class that colours it. */
function wordFor(validity: Json | undefined): string {
  if (validity === true) return 'valid';
  return validity === false ? 'invalid' : 'unknown';
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly markup: string;
}

function section(id: string, title: string, content: string): Section {
  return { id, title, markup: `<section id="${id}"><h2>${title}</h2>\n${content}\n</section>` };
}

function headerMarkup({ test, sentence, results, operations, messages, nodes }: RunFacts): string {
  const { spec } = test;
  const verdict = wordFor(results['valid?']);
  const joined = nodes.slice(spec.nodes.length).join(' ');
  const rows: readonly (readonly [string, string])[] = [
    ['Began', test.startedAt],
    ['Program', [spec.bin, ...spec.args].join(' ')],
    ['Nodes', `${spec.nodes.length}: ${spec.nodes.join(' ')}${joined === '' ? '' : `; ${joined} joined`}`],
    ['Clients', `${spec.concurrency}, ${spec.rate} requests per second for ${spec.timeLimitSeconds} s`],
    ['Latency', `${spec.latency.meanMs} ms, ${spec.latency.distribution}`],
    ['Faults', spec.nemesis.length === 0 ? 'none' : spec.nemesis.join(', ')],
    ['World', spec.world],
    ['Seed', test.seed],
    ['Operations', operations.columns.count.toLocaleString('en')],
    ['Messages', messages.total.toLocaleString('en')],
    ...(test.command === undefined ? [] : [['Again', test.command] as const]),
  ];
  return (
    `<header><h1>${escapeMarkup(spec.workload)}: <span class="badge ${verdict}">${verdict}</span></h1>` +
    `<div class="verdict ${verdict}">${escapeLines(sentence, 20_000)}</div>` +
    `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeMarkup(value)}</dd>`).join('')}</dl></header>`
  );
}

const figure = (picture: Picture): string => `<figure>${inlineSvg(picture)}</figure>`;

function findingMarkup({ title, text, picture }: Finding): string {
  return (
    `<h3>${escapeMarkup(title)}</h3>` +
    (picture === undefined ? '' : figure(picture)) +
    `<pre>${escapeLines(text, 20_000)}</pre>`
  );
}

const NEEDS_SCRIPT = '<p>This part needs JavaScript, which is off or was blocked.</p>';

function operationsMarkup({ operations }: RunFacts): string {
  const { count } = operations.columns;
  return (
    partNote(operations.first.length, count, 'operations', 'history.txt and history.jsonl have all of them') +
    `<div id="operations" class="needs-script" data-name="operations">${NEEDS_SCRIPT}</div>`
  );
}

function messagesMarkup({ messages }: RunFacts): string {
  if (messages.total === 0) return '<p>No message was sent, or the journal could not be read.</p>';
  return (
    partNote(
      messages.messages.length,
      messages.total,
      'messages',
      'run <code>maelstrom serve</code> to see all of them',
    ) +
    `<div id="diagram" class="needs-script">${NEEDS_SCRIPT}</div>` +
    '<div id="message" role="status" hidden></div>' +
    '<div id="messages" class="needs-script" data-name="messages"></div>'
  );
}

function partNote(shown: number, total: number, what: string, where: string): string {
  if (shown >= total) return '';
  return `<p>These are the first ${shown.toLocaleString('en')} of ${total.toLocaleString('en')} ${what}; ${where}.</p>`;
}

const MOST_FAULTS = 500;

function faultsMarkup({ bands }: RunFacts): string {
  if (bands.length === 0) return '<p>None were injected.</p>';
  const seconds = (nanos: number): string => (nanos / 1e9).toFixed(3);
  const rows = bands
    .slice(0, MOST_FAULTS)
    .map(
      ({ kind, fromNanos, toNanos, about }) =>
        `<tr><td>${escapeMarkup(kind)}</td><td>${seconds(fromNanos)}</td>` +
        `<td>${toNanos === undefined ? 'to the end' : seconds(toNanos)}</td><td>${escapeMarkup(about)}</td></tr>`,
    );
  return (
    '<div class="scroller" tabindex="0"><table><thead><tr><th scope="col">fault</th><th scope="col">from (s)</th><th scope="col">to (s)</th>' +
    `<th scope="col">who</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>` +
    (bands.length > MOST_FAULTS ? `<p>And ${bands.length - MOST_FAULTS} more.</p>` : '')
  );
}

const ALL_LOGS = 2_000_000;

function logsMarkup(logs: readonly NodeLog[]): string {
  const written = logs.filter(({ bytes }) => bytes > 0);
  if (written.length === 0) return '<p>Nothing.</p>';
  const each = Math.floor(ALL_LOGS / written.length);
  return written
    .map(({ node, text, bytes }) => {
      const shown = text.length > each ? text.slice(-each) : text;
      const size = `${bytes.toLocaleString('en')} bytes`;
      const part = Buffer.byteLength(shown) < bytes ? `the end of ${size}` : size;
      return (
        `<details><summary>${escapeMarkup(node)} <span class="faint">${part}</span></summary>` +
        `<pre>${escapeLines(shown, ALL_LOGS)}</pre></details>`
      );
    })
    .join('\n');
}

function resultsText({ results }: RunFacts): string {
  // Results as they were stored: a map with `valid?`, or an empty one.
  return Object.keys(results).length === 0 ? 'There are none.' : resultsToJson(results as CheckResult);
}
