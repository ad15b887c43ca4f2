/**
 * report.html: the viewer's page of a run with the run's data inside, so that it needs no server and no network. The page is
 * drawn by the viewer's own script (viewer/src/report.tsx); what is drawn here already, what shows that the run is wrong and
 * the plots, stands below it. Without a script the verdict, the drawings and the plots are still there.
 */
import { calledIn } from '../../recording/called-in.ts';
import { escapeLines, escapeMarkup } from '../svg/escape.ts';
import type { FindingView } from '../../recording/finding-view.ts';
import { htmlPage } from './html-page.ts';
import { packedBytes } from './pack.ts';
import { PAGE_PICTURE_STYLE } from '../svg/picture-style.ts';
import { inlineSvg, type Picture } from '../svg/svg.ts';
import type { Suspect } from '../../recording/suspects.ts';
import type { RunPage } from '../../recording/views.ts';

/** Shown without a script. */
const MOST_SUSPECTS = 20;
const MOST_OPERATIONS = 10;

export interface ReportPageOptions {
  readonly page: RunPage;
  /** The run, or its first stretch: see recording/packed/packed-run.ts. */
  readonly packed: Uint8Array;
  readonly plots: readonly Picture[];
  /** Of findings and their stories, by their files. */
  readonly pictures: ReadonlyMap<string, Picture>;
  /** Script and style of the page, built from viewer/src/report.tsx. */
  readonly script: string;
  readonly style: string;
}

export function reportPage(options: ReportPageOptions): string {
  const { page, packed, plots, pictures, script, style } = options;
  const { findings } = page;
  const { spec, startedAt, versions } = page.test;
  return htmlPage({
    title: `${spec.workload}, ${startedAt}`,
    style: style + PAGE_PICTURE_STYLE,
    script,
    body: [
      `<div id="app">${withoutScript(page)}</div>`,
      findings.length === 0
        ? ''
        : section(
            'findings',
            'What is wrong',
            findings.map((finding) => findingMarkup(finding, pictures)).join('\n'),
          ),
      section('plots', 'Plots', plots.map((plot) => figure(plot)).join('\n')),
      `<footer class="page faint">Written by Maelstrom ${escapeMarkup(versions.maelstrom)}. All runs, also those that go on: <code>${escapeMarkup(calledIn(page.test.command), 400)} serve</code></footer>`,
      packedBytes('run', packed),
    ].join('\n'),
  });
}

/** Until the script has drawn the page. */
function withoutScript({ card, test, sentence = '', suspects }: RunPage): string {
  return (
    `<div class="page wide"><h1>${escapeMarkup(card.workload)} <span class="verdict ${card.verdict}">${card.verdict}</span></h1>` +
    `<section class="words ${card.verdict}"><p class="sentence">${escapeLines(sentence, 20_000)}</p></section>` +
    (test.command === undefined
      ? ''
      : `<p class="faint">Run it again: <code>${escapeMarkup(test.command)}</code></p>`) +
    `<noscript>${suspectList(suspects)}<p class="note">Messages, operations and faults are shown by the page’s own script, which is off or was blocked. ` +
    'They are also in the files beside it: every operation and fault in history.txt, the first messages in messages.svg, what nodes logged in node-logs, ' +
    `all results in results.edn. <code>${escapeMarkup(calledIn(test.command), 400)} serve</code> shows every message.</p></noscript></div>`
  );
}

/** Which operations show what is wrong, by their indexes in history.edn. */
function suspectList(suspects: readonly Suspect[]): string {
  if (suspects.length === 0) return '';
  const lines = suspects.slice(0, MOST_SUSPECTS).map(({ title, operations }) => {
    const first = operations.slice(0, MOST_OPERATIONS).join(', ');
    const rest = operations.length > MOST_OPERATIONS ? ', …' : '';
    return `${title}: operation${operations.length === 1 ? '' : 's'} ${first}${rest}`;
  });
  if (suspects.length > MOST_SUSPECTS) lines.push(`and ${suspects.length - MOST_SUSPECTS} more`);
  return `<ul>${lines.map((line) => `<li>${escapeMarkup(line, 400)}</li>`).join('')}</ul>`;
}

/** `title` is read by the script, which leads here. */
function section(id: string, title: string, content: string): string {
  return `<section id="${id}" class="page wide below drawn" title="${title}"><h2>${title}</h2>\n${content}\n</section>`;
}

/** The script finds it by the name of its file, and takes it to where it is shown (viewer/src/source/packed-run.ts). */
const figure = (picture: Picture, file?: string): string =>
  `<figure${file === undefined ? '' : ` data-file="${escapeMarkup(file, 400)}"`}>${inlineSvg(picture)}</figure>`;

function findingMarkup(
  { title, text, picture, story }: FindingView,
  pictures: ReadonlyMap<string, Picture>,
): string {
  const drawn = (file: string | undefined): string => {
    const found = file === undefined ? undefined : pictures.get(file);
    return found === undefined ? '' : figure(found, file);
  };
  return (
    `<h3>${escapeMarkup(title)}</h3>` +
    drawn(story?.picture) +
    drawn(picture) +
    (text === '' ? '' : `<pre class="log">${escapeLines(text, 20_000)}</pre>`)
  );
}
