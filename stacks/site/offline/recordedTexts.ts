/** Texts that a run draws anew, such as keys and certificates: each run has others, so none may stand in a dump. */
import { texts, type Properties } from "./properties";
import type { Recording } from "./recorder";

/** A drawn text and what stands for it. */
interface Drawn {
  readonly text: string;
  readonly label: string;
}

/** Shorter ones could be part of any word. */
const LEAST_LENGTH = 6;

/** Every way a text may be packed into another: as it is, in base64, inside JSON. */
function guises(text: string): string[] {
  return [...new Set([text, text.trimEnd(), Buffer.from(text).toString("base64"), JSON.stringify(text).slice(1, -1)])];
}

/** What the program drew, read from the Stashes that keep it; longest first, since one may be part of another. */
function recordedTexts(recording: Recording): Drawn[] {
  return recording
    .ofType("pulumi:index:Stash")
    .filter(({ secrets }) => secrets.length > 0)
    .flatMap(({ name, inputs }) => {
      // Of a token only the first half is ever shown.
      const found = texts(inputs).flatMap((text) =>
        /^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(text) ? text.split(".") : [text],
      );
      return found.flatMap((text, index) =>
        guises(text).map((guise) => ({ text: guise, label: `[${name} ${index}]` })),
      );
    })
    .filter(({ text }) => text.length >= LEAST_LENGTH)
    .sort((one, other) => other.text.length - one.text.length);
}

/** A copy of a value without anything drawn in it. */
export function steadier(recording: Recording): (value: unknown) => unknown {
  const drawn = recordedTexts(recording);
  const steady = (value: unknown): unknown => {
    if (typeof value === "string") {
      return drawn.reduce((text, { text: found, label }) => text.replaceAll(found, label), value);
    }
    if (Array.isArray(value)) {
      return value.map(steady);
    }
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value as Properties).map(([key, item]) => [key, steady(item)]))
      : value;
  };
  return steady;
}
