/**
 * report.html: the page of a run with its data embedded, which works without a server. The build bundles this file into one
 * script (scripts/build.mjs); the report embeds it with the styles and the packed run (src/report/pages/report-page.ts).
 * Without JavaScript, the page still shows the drawings of the findings and the plots.
 */
import { render } from 'preact';
import { Bar } from './bar.tsx';
import type { OpenRun } from './source/open-run.ts';
import { packedBytes, packedRun } from './source/packed-run.ts';
import { program } from './program.ts';
import { RunPageView } from './run/run-page.tsx';
import { countText, spanText } from './time-text.ts';
import { visible } from './visible-text.ts';
import { calledIn } from '../../src/recording/called-in.ts';
import type { PackedCounts } from '../../src/recording/packed/packed-run.ts';

function Report({ run, counts }: { readonly run: OpenRun; readonly counts: PackedCounts }) {
  const below = [...document.querySelectorAll<HTMLElement>('section.below')];
  return (
    <>
      <Bar>
        <span class="home">Maelstrom</span>
      </Bar>
      <main>
        <RunPageView
          run={run}
          note={
            <>
              {counts.untilNanos === null ? null : <PartNote {...counts} untilNanos={counts.untilNanos} />}
              <nav class="tools" aria-label="Below">
                {below.map((section) => (
                  <button type="button" key={section.id} onClick={() => section.scrollIntoView()}>
                    {section.title} ↓
                  </button>
                ))}
              </nav>
            </>
          }
        />
      </main>
    </>
  );
}

function PartNote(counts: PackedCounts & { readonly untilNanos: number }) {
  const { messages, operations, allMessages, allOperations, untilNanos } = counts;
  return (
    <p class="note" role="note">
      This page holds the first {spanText(untilNanos)} of the run: {countText(messages)} of{' '}
      {countText(allMessages)} messages and {countText(operations)} of {countText(allOperations)} operations.
      The plots below and the results are of the whole run; <code>{program.value} serve --store STORE</code>{' '}
      shows all of it.
    </p>
  );
}

async function start(): Promise<void> {
  const root = document.getElementById('app');
  if (root === null) return;
  try {
    const { run, head } = packedRun(await packedBytes('run'));
    program.value = visible(calledIn(head.page.test.command));
    root.replaceChildren();
    // The app shows the findings above, with their steps.
    document.getElementById('findings')?.remove();
    render(<Report run={run} counts={head.counts} />, root);
  } catch (error) {
    const problem = document.createElement('p');
    problem.className = 'page note';
    problem.textContent = `This browser cannot show the data in this page (${String(error)}). A newer one can, and so can ${program.value} serve.`;
    root.append(problem);
  }
}

void start();
