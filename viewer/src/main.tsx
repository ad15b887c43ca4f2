/** Which page is shown: the list of runs, one run, two side by side, the list of hunts, or one hunt. */
import { render } from 'preact';
import { Bar } from './bar.tsx';
import { ComparePage } from './compare/compare-page.tsx';
import { WithDroppedRuns } from './dropped/dropped-run.tsx';
import { HuntListPage } from './hunts/hunt-list-page.tsx';
import { HuntPage } from './hunts/hunt-page.tsx';
import { askProgram } from './program.ts';
import { RunListPage } from './list/run-list-page.tsx';
import { RunPageView } from './run/run-page.tsx';
import { servedRun } from './source/served-run.ts';

function App() {
  const { pathname } = location;
  return (
    <>
      <Bar>
        <a class="home" href="/">
          Maelstrom
        </a>
        {pathname === '/' ? null : <a href="/">All runs</a>}
        {pathname === '/hunts' ? null : <a href="/hunts">Hunts</a>}
      </Bar>
      <main>{page}</main>
    </>
  );
}

function pageOf({ pathname, search }: Location) {
  const [, id] = /^\/run\/([^/]+\/[^/]+)$/.exec(pathname) ?? [];
  if (id !== undefined)
    return (
      <RunPageView
        run={servedRun(decodeURIComponent(id))}
        loadStepping={() => import('./travel/stepping.tsx')}
      />
    );
  const [, hunt] = /^\/hunt\/([^/]+)$/.exec(pathname) ?? [];
  if (hunt !== undefined) return <HuntPage name={decodeURIComponent(hunt)} />;
  if (pathname === '/hunts') return <HuntListPage />;
  return pathname === '/compare' ? (
    <ComparePage words={new URLSearchParams(search)} />
  ) : (
    <WithDroppedRuns>
      <RunListPage />
    </WithDroppedRuns>
  );
}

void askProgram();
const page = pageOf(location);
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
