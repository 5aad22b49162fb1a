/** Turns instances of a class into plain values and back, so that a replay hands a program the very objects that it had. */
export interface Codec {
  /** Names the codec in the tree; stays the same for ever. */
  name: string;
  matches(value: object): boolean;
  encode(value: object): unknown;
  decode(value: unknown): unknown;
}
