/** What the check is to read: files and folders as the user named them, and standard input. */
import { join, resolve } from "node:path";
import type { Unreadable } from "../output/report";
import { UsageError } from "./choice";
import { manifestsAt, type ManifestFile } from "./files";

/** Name of standard input in a report. */
export const STDIN = "stdin";

/** Files to judge, under the names that the report gives them. */
export interface Inputs {
  readonly files: readonly ManifestFile[];
  readonly unreadable: readonly Unreadable[];
}

function at(place: string, from: string): Inputs {
  const root = resolve(from, place);
  const { files, unreadable } = manifestsAt(root);
  const named = (path: string) => (path === root ? place : join(place, path));
  return {
    files: files.map((file) => ({
      path: named(file.path),
      get text() {
        return file.text;
      },
    })),
    unreadable: unreadable.map((text) => {
      const end = text.indexOf(": ");
      return { file: named(text.slice(0, end)), line: 1, column: 1, reason: text.slice(end + 2) };
    }),
  };
}

/**
 * Finds what is named, each file once.
 * @param from folder that the user stands in
 * @param stdin reads standard input
 * @throws UsageError when there is no such place
 */
export function inputsAt(places: readonly string[], from: string, stdin: () => string): Inputs {
  const found = places.map((place) => {
    if (place === "-") {
      return { files: [{ path: STDIN, text: stdin() }], unreadable: [] };
    }
    try {
      return at(place, from);
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  });
  const files = new Map(found.flatMap((one) => one.files.map((file) => [file.path, file] as const)));
  return { files: [...files.values()], unreadable: found.flatMap(({ unreadable }) => unreadable) };
}
