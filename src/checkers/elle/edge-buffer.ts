/** A list of edges out of one vertex: targets and the relation of each, reused from vertex to vertex. */
export class EdgeBuffer {
  targets = new Int32Array(16);
  relations = new Uint8Array(16);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  add(target: number, relation: number): void {
    if (this.length === this.targets.length) this.#grow();
    this.targets[this.length] = target;
    this.relations[this.length] = relation;
    this.length++;
  }

  #grow(): void {
    const targets = new Int32Array(this.length * 2);
    targets.set(this.targets);
    this.targets = targets;
    const relations = new Uint8Array(this.length * 2);
    relations.set(this.relations);
    this.relations = relations;
  }
}
