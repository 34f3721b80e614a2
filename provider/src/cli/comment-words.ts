import { Words } from "../core/review";
import { isUnknown } from "../core/unknown";
import { SECRET } from "./changes";
import { code } from "./markdown";

/** Longer values within a sentence, and lists with more items, are cut in a comment; in characters, and items. */
const LONGEST_NAME = 80;
const MOST_ITEMS = 8;
const EVERYTHING = Number.POSITIVE_INFINITY;

/** Words as Markdown. In: whole, whether values are shown at any length. */
export function sentence({ texts, values }: Words, whole: boolean): string {
  return texts.map((text, index) => text + (index < values.length ? show(values[index], whole) : "")).join("");
}

/** What words say of several objects: without the values of each. */
export function outline({ texts, values }: Words): string {
  const value = (index: number) => (values[index] instanceof Words ? outline(values[index]) : "…");
  return texts.map((text, index) => text + (index < values.length ? value(index) : "")).join("");
}

/** A value of an object within a sentence. */
export function show(value: unknown, whole = false): string {
  if (value instanceof Words) return sentence(value, whole);
  if (value === undefined || value === null) return "nothing";
  if (value === SECRET) return "(secret)";
  if (isUnknown(value)) return "(not known yet)";
  if (typeof value === "number") return `**${grouped(value)}**`;
  if (Array.isArray(value)) {
    const most = whole ? EVERYTHING : MOST_ITEMS;
    const shown = value.slice(0, most).map((item) => show(typeof item === "number" ? String(item) : item, whole));
    return value.length === 0 ? "nothing" : `${shown.join(", ")}${value.length > most ? ` and ${grouped(value.length - most)} more` : ""}`;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return code(whole ? text : shorten(text, LONGEST_NAME));
}

/** The beginning of a text that is too long, cut between characters and never within one. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…`;
}

export function counted(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** A number with its thousands apart. */
export function grouped(number: number): string {
  return number.toLocaleString("en-GB");
}
