/** A small cache of the most recently used values, up to a limit. */
export class Recent<V> {
  private readonly values = new Map<string, V>();

  constructor(
    private readonly limit: number,
    private readonly onDrop: (value: V) => void = () => undefined,
  ) {}

  get(key: string): V | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.values.delete(key);
    this.values.set(key, value);
    for (const [oldest, old] of this.values) {
      if (this.values.size <= this.limit) return;
      this.values.delete(oldest);
      this.onDrop(old);
    }
  }

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  delete(key: string): void {
    this.values.delete(key);
  }
}
