/**
 * report.html: the viewer's page of a run with the run's data inside, so that it needs no server and no network. The
 * viewer's own script (viewer/src/report.tsx) draws the page; the findings and the plots are drawn here already, and
 * come below it. Without a script the verdict, the drawings and the plots are still visible.
 */
import { aroundStories, beyondStory } from '../../recording/beyond-story.ts';
import { calledIn } from '../../recording/called-in.ts';
import { escapeLines, escapeMarkup } from '../svg/escape.ts';
import type { FindingView, FurtherCaseView } from '../../recording/finding-view.ts';
import { htmlPage } from './html-page.ts';
import { packedBytes } from './pack.ts';
import { PAGE_PICTURE_STYLE } from '../svg/picture-style.ts';
import { inlineSvg, type Picture } from '../svg/svg.ts';
import type { Story } from '../../recording/story.ts';
import type { Suspect } from '../../recording/suspects.ts';
import type { RunPage } from '../../recording/views.ts';

/** Maximum numbers shown without a script. */
const MOST_SUSPECTS = 20;
const MOST_OPERATIONS = 10;

export interface ReportPageOptions {
  readonly page: RunPage;
  /** The run, or its first interval; see recording/packed/packed-run.ts. */
  readonly packed: Uint8Array;
  readonly plots: readonly Picture[];
  /** Pictures of findings and of their stories, indexed by file. */
  readonly pictures: ReadonlyMap<string, Picture>;
  /** Script and style of the page, built from viewer/src/report.tsx. */
  readonly script: string;
  readonly style: string;
}

export function reportPage(options: ReportPageOptions): string {
  const { page, packed, plots, pictures, script, style } = options;
  const { findings } = page;
  const { above } = aroundStories(page.sentence ?? '', findings);
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
            findings.map((finding) => findingMarkup(finding, pictures, above)).join('\n'),
          ),
      plots.length === 0
        ? ''
        : section('plots', 'Plots', plots.map((plot) => figure(plot, { scrolls: true })).join('\n')),
      `<footer class="page faint">Written by Maelstrom ${escapeMarkup(versions.maelstrom)}. All runs, also those that go on: <code>${escapeMarkup(calledIn(page.test.command), 400)} serve</code></footer>`,
      packedBytes('run', packed),
    ].join('\n'),
  });
}

/** The content until the script has drawn the page. The texts of findings and the ends of their stories come below. */
function withoutScript({ card, test, sentence = '', suspects, findings }: RunPage): string {
  const { above, below } = aroundStories(sentence, findings);
  return (
    `<div class="page wide"><h1>${escapeMarkup(card.workload)} <span class="verdict ${card.verdict}">${card.verdict}</span></h1>` +
    `<section class="words ${card.verdict}"><p class="sentence">${escapeLines([...above, ...below].join('\n'), 20_000)}</p></section>` +
    (test.command === undefined
      ? ''
      : `<p class="faint">To run it again: <code>${escapeMarkup(test.command)}</code></p>`) +
    `<noscript>${findings.length === 0 ? suspectList(suspects) : ''}<p class="note">Messages, operations and faults are shown by the page’s own script, which is off or was blocked. ` +
    'They are also in the files beside it: every operation and fault in history.txt, the first messages in messages.svg, what nodes logged in node-logs, ' +
    `all results in results.edn. <code>${escapeMarkup(calledIn(test.command), 400)} serve</code> shows every message.</p></noscript></div>`
  );
}

/** Lists the operations that show what is wrong, by their indexes in history.edn. */
function suspectList(suspects: readonly Suspect[]): string {
  if (suspects.length === 0) return '';
  const lines = suspects
    .slice(0, MOST_SUSPECTS)
    .map(({ title, operations }) => `${title}: ${operationList(operations)}`);
  if (suspects.length > MOST_SUSPECTS) lines.push(`and ${suspects.length - MOST_SUSPECTS} more`);
  return `<ul>${lines.map((line) => `<li>${escapeMarkup(line, 400)}</li>`).join('')}</ul>`;
}

const operationList = (operations: readonly number[]): string =>
  `operation${operations.length === 1 ? '' : 's'} ${operations.slice(0, MOST_OPERATIONS).join(', ')}${operations.length > MOST_OPERATIONS ? ', …' : ''}`;

/** Returns a section; the script reads `title` for its links. */
function section(id: string, title: string, content: string): string {
  return `<section id="${id}" class="page wide below drawn" title="${title}" aria-label="${title}"><h2>${title}</h2>\n${content}\n</section>`;
}

interface FigureOptions {
  readonly file?: string | undefined;
  readonly kind?: string;
  /** Whether it scrolls sideways on narrow screens, which keys can do as well once it has the focus. */
  readonly scrolls?: boolean;
}

/**
 * Returns a figure. The script finds it by its file name, and moves it to where it is shown
 * (viewer/src/source/packed-run.ts).
 */
function figure(picture: Picture, { file, kind, scrolls = false }: FigureOptions): string {
  const attributes = [
    ...(kind === undefined ? [] : [`class="${kind}"`]),
    ...(file === undefined ? [] : [`data-file="${escapeMarkup(file, 400)}"`]),
    ...(scrolls ? ['tabindex="0"'] : []),
  ];
  return `<${['figure', ...attributes].join(' ')}>${inlineSvg(picture)}</figure>`;
}

/** Formats a finding without repetitions: drawings contain their titles, and a story's picture its sentences. */
function findingMarkup(
  finding: FindingView,
  pictures: ReadonlyMap<string, Picture>,
  above: readonly string[],
): string {
  const { title, picture, story, operations, others = [] } = finding;
  const drawn = picture === undefined ? undefined : pictures.get(picture);
  const steps = story?.picture === undefined ? undefined : pictures.get(story.picture);
  const heading = story?.story.title ?? title;
  const isTitled = steps !== undefined || drawn?.title === heading;
  const text = beyondStory(finding, above);
  return [
    `<h3${isTitled ? ' class="hidden"' : ''}>${escapeMarkup(heading)}</h3>`,
    story === undefined
      ? ''
      : steps === undefined
        ? `<noscript>${stepList(story.story)}</noscript>`
        : figure(steps, { file: story.picture }),
    drawn === undefined ? '' : figure(drawn, { file: picture, kind: 'evidence' }),
    text === '' ? '' : `<pre class="log">${escapeLines(text, 20_000)}</pre>`,
    operations.length === 0 ? '' : `<noscript><p class="faint">${operationList(operations)}</p></noscript>`,
    furtherCases(others, pictures),
  ].join('');
}

function furtherCases(cases: readonly FurtherCaseView[], pictures: ReadonlyMap<string, Picture>): string {
  const shown = cases.map(({ text, picture }) => {
    const drawn = picture === undefined ? undefined : pictures.get(picture);
    return drawn === undefined
      ? `<pre class="log">${escapeLines(text, 20_000)}</pre>`
      : figure(drawn, { file: picture, kind: 'evidence' });
  });
  return shown.length === 0
    ? ''
    : `<details><summary>${shown.length === 1 ? 'Another case' : `${shown.length} more cases`}</summary>${shown.join('')}</details>`;
}

function stepList({ steps }: Story): string {
  const lines = steps.map(({ text, kind, timeNanos }) =>
    kind === 'verdict'
      ? `<strong>${escapeMarkup(text)}</strong>`
      : `${(timeNanos / 1e9).toFixed(3)} s: ${escapeMarkup(text)}`,
  );
  return `<ol>${lines.map((line) => `<li>${line}</li>`).join('')}</ol>`;
}
