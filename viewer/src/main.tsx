/** Chooses the page: the list of runs, a run, two runs side by side, the list of hunts, a hunt, or "not found". */
import { render } from 'preact';
import { Bar } from './bar.tsx';
import { ComparePage } from './compare/compare-page.tsx';
import { WithDroppedRuns } from './dropped/dropped-run.tsx';
import { HuntListPage } from './hunts/hunt-list-page.tsx';
import { HuntPage } from './hunts/hunt-page.tsx';
import { Nothing } from './nothing.tsx';
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
  const [, hunt] = /^\/hunt\/([^/]+)$/.exec(pathname) ?? [];
  const name = decoded(id ?? hunt ?? '');
  if (name === undefined) return nowhere;
  if (id !== undefined)
    return <RunPageView run={servedRun(name)} loadStepping={() => import('./travel/stepping.tsx')} />;
  if (hunt !== undefined) return <HuntPage name={name} />;
  switch (pathname) {
    case '/hunts':
      return <HuntListPage />;
    case '/compare':
      return <ComparePage words={new URLSearchParams(search)} />;
    case '/':
      return (
        <WithDroppedRuns>
          <RunListPage />
        </WithDroppedRuns>
      );
    default:
      return nowhere;
  }
}

/** Returns undefined if the name has an invalid percent escape. */
function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

const nowhere = <Nothing name={location.pathname} problem="There is no page at this address." />;

void askProgram();
const page = pageOf(location);
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
