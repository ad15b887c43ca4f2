/** Polls a URL of the server while the page is visible. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get } from './get-json.ts';

export interface Repeated<T> {
  /** The last answer; undefined until there is one. */
  readonly found: T | undefined;
  /** Why the last request failed; empty if it succeeded. */
  readonly problem: string;
  /** Asks again immediately. */
  readonly again: () => void;
}

/** If several requests are pending, only the answer to the latest counts. */
export function useRepeated<T>(url: string, everyMs: number): Repeated<T> {
  const [answer, setAnswer] = useState<Omit<Repeated<T>, 'again'>>({ found: undefined, problem: '' });
  const asked = useRef(0);
  const again = useCallback((): void => {
    const question = ++asked.current;
    get<T>(url).then(
      (found) => question === asked.current && setAnswer({ found, problem: '' }),
      (error: Error) =>
        question === asked.current && setAnswer(({ found }) => ({ found, problem: error.message })),
    );
  }, [url]);
  useEffect(() => {
    again();
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, everyMs);
    return () => {
      clearInterval(timer);
      asked.current++;
    };
  }, [again]);
  return { ...answer, again };
}
