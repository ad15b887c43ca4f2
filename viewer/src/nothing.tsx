/** Replaces a page that cannot be shown: what was asked for, why it is missing, and where to go instead. */
import { useEffect } from 'preact/hooks';
import { visible } from './visible-text.ts';

export interface NothingProps {
  readonly name: string;
  readonly problem: string;
}

export function Nothing({ name, problem }: NothingProps) {
  useEffect(() => {
    document.title = `Maelstrom: ${name}`;
  }, [name]);
  return (
    <div class="page">
      <h1>{visible(name)}</h1>
      <p role="alert">{visible(problem)}</p>
      {location.protocol.startsWith('http') ? <a href="/">All runs</a> : null}
    </div>
  );
}
