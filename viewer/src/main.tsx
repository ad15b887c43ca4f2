/** Which page is shown: the list of runs, one run, or two side by side. */
import { render } from 'preact';
import { ComparePage } from './compare-page.tsx';
import { RunListPage } from './run-list-page.tsx';
import { RunPageView } from './run-page.tsx';
import { chosen, nextTheme } from './theme.ts';

function App() {
  const { pathname, search } = location;
  const [, run] = /^\/run\/([^/]+\/[^/]+)$/.exec(pathname) ?? [];
  return (
    <>
      <header class="bar">
        <a class="home" href="/">
          Maelstrom
        </a>
        {pathname === '/' ? null : <a href="/">All runs</a>}
        <span class="grow" />
        <button type="button" onClick={nextTheme} aria-label={`Colours: ${chosen.value}. Change.`}>
          {chosen.value === 'system' ? 'Colours: system' : `Colours: ${chosen.value}`}
        </button>
      </header>
      <main>
        {run === undefined ? (
          pathname === '/compare' ? (
            <ComparePage words={new URLSearchParams(search)} />
          ) : (
            <RunListPage />
          )
        ) : (
          <RunPageView id={decodeURIComponent(run)} />
        )}
      </main>
    </>
  );
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
