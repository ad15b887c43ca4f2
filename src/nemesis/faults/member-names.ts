/** The names of all nodes that were ever members: names are not reused. */
export class MemberNames {
  private readonly used: Set<string>;
  private readonly beginning: string;

  constructor(private readonly first: readonly string[]) {
    this.used = new Set(first);
    const beginning = /^(.*?)\d*$/.exec(first[0] ?? 'n')?.[1] ?? 'n';
    // Clients are named c0, c1, and so on.
    this.beginning = beginning === 'c' ? 'n' : beginning;
  }

  has(name: string): boolean {
    return this.used.has(name);
  }

  add(name: string): void {
    this.used.add(name);
  }

  /** Returns the first unused name of n6, n7, ..., or with another prefix if the nodes have one. */
  next(): string {
    for (let number = this.first.length; ; number++) {
      const name = `${this.beginning}${number}`;
      if (!this.used.has(name)) return name;
    }
  }
}
