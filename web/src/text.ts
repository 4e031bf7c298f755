// Small things about strings.

import type { Edit } from "./protocol.ts";

/** Parts of names that are abbreviations. */
const SHORT = /\b(asc|ct|esi|hopd|si)\b/g;

/** A name of the data as a person reads it. */
export const said = (name: string): string => name.replaceAll("_", " ").replace(SHORT, (short) => short.toUpperCase());

/** The same as the beginning of a line. */
export const titled = (name: string): string => said(name).replace(/^./, (first) => first.toUpperCase());

/** A number with its noun. */
export const counted = (count: number, noun: string, nouns = `${noun}s`): string => `${count} ${count === 1 ? noun : nouns}`;

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** The one edit that makes `after` of `before`, or null where they are the same. No pair of surrogates is cut in two. */
export function difference(before: string, after: string): Edit | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let tail = 0;
  while (tail < most - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) {
    tail += 1;
  }
  if (start > 0 && isHigh(before.charCodeAt(start - 1))) start -= 1;
  if (tail > 0 && isLow(before.charCodeAt(before.length - tail))) tail -= 1;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}
