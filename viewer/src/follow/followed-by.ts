/** Returns the message whose request a mark follows; undefined for marks of causes or effects. */
export const followedBy = (mark: string): number | undefined =>
  mark.startsWith('way:') ? Number(mark.slice('way:'.length)) : undefined;
