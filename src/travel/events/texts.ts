/** Numbers texts from 0, in order of appearance. */
export class Texts {
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [];

  idOf(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.texts.length;
    this.ids.set(text, id);
    this.texts.push(text);
    return id;
  }

  known(text: string): number | undefined {
    return this.ids.get(text);
  }

  textOf(id: number): string {
    const text = this.texts[id];
    if (text === undefined) throw new RangeError(`no text has the number ${id}`);
    return text;
  }
}
