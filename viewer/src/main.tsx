/** Which page is shown: the list of runs, one run, or two side by side. */
import { render } from 'preact';
import { Bar } from './bar.tsx';
import { ComparePage } from './compare-page.tsx';
import { RunListPage } from './run-list-page.tsx';
import { RunPageView } from './run-page.tsx';
import { servedRun } from './served-run.ts';

function App() {
  const { pathname } = location;
  return (
    <>
      <Bar>
        <a class="home" href="/">
          Maelstrom
        </a>
        {pathname === '/' ? null : <a href="/">All runs</a>}
      </Bar>
      <main>{page}</main>
    </>
  );
}

function pageOf({ pathname, search }: Location) {
  const [, id] = /^\/run\/([^/]+\/[^/]+)$/.exec(pathname) ?? [];
  if (id !== undefined) return <RunPageView run={servedRun(decodeURIComponent(id))} />;
  return pathname === '/compare' ? <ComparePage words={new URLSearchParams(search)} /> : <RunListPage />;
}

const page = pageOf(location);
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
