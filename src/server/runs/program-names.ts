/**
 * Names of programs in the list of runs. A program is named by its file; if others in the list have files of that name,
 * by as many of its folders as tell them apart: `alice/broadcast.ts`, `bob/broadcast.ts`.
 */
import { groupedBy } from '../../columns/groups.ts';

/** Handles paths of either kind of system. */
const partsOf = (path: string): readonly string[] => path.split(/[\\/]+/).filter((part) => part !== '');

/** Returns the shortest name of each path that no other path has. */
export function programNames(paths: Iterable<string>): ReadonlyMap<string, string> {
  const named: [string, string][] = [];
  const tellApart = (same: readonly string[], depth: number): void => {
    const parts = same.map((path) => [path, partsOf(path)] as const);
    for (const [name, alike] of groupedBy(parts, ([, own]) => own.slice(-depth).join('/'))) {
      const [first] = alike;
      if (alike.length === 1 && first !== undefined) named.push([first[0], name]);
      else if (alike.every(([, own]) => own.length <= depth))
        // They differ only in separators.
        for (const [path] of alike) named.push([path, path]);
      else
        tellApart(
          alike.map(([path]) => path),
          depth + 1,
        );
    }
  };
  tellApart([...new Set(paths)], 1);
  return new Map(named);
}
