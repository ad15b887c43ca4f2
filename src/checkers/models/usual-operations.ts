/** Operations of a model under other names that say the same: `GET` and `Load` for read, `lock` for acquire. */

const SYNONYMS: Readonly<Record<string, string>> = {
  read: 'get load',
  write: 'put set store',
  cas: 'compareandset compareandswap testandset',
  // The numbers are those of the key-value stores in Go that Porcupine checks: iota of get, put, append.
  get: 'read load 0',
  put: 'write set store 1',
  append: '2',
  acquire: 'lock',
  release: 'unlock',
  enqueue: 'enq push offer',
  dequeue: 'deq pop take',
  add: 'insert',
};

/** Returns the model's name for an operation; the name itself if the model has none like it. */
export function usualNameOf(f: string, known: ReadonlySet<string>): string {
  if (known.has(f)) return f;
  const word = plain(f);
  for (const name of known)
    if (plain(name) === word || SYNONYMS[name]?.split(' ').includes(word) === true) return name;
  return f;
}

const plain = (name: string): string => name.replace(/^:|[_-]/g, '').toLowerCase();
