/** Manifests on disk. */
import { accessSync, constants, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** A file. */
export interface ManifestFile {
  readonly path: string;
  /** What is in it; read anew each time, for ten thousand files need not be in memory together. */
  readonly text: string;
}

/** A file on disk under the name that a report gives it. */
function fileAt(file: string, path: string): ManifestFile {
  accessSync(file, constants.R_OK);
  return {
    path,
    get text() {
      return readFileSync(file, "utf8");
    },
  };
}

/** What stands at a place. Paths are relative to it; that of a file by itself is as it was given. */
export interface Manifests {
  /** Sorted by path. */
  readonly files: readonly ManifestFile[];
  /** Files whose names do not end as those of manifests do. */
  readonly others: readonly string[];
  /** Manifests that cannot be read, as `path: error`: links to nothing, files of others, pipes. */
  readonly unreadable: readonly string[];
}

const MANIFEST = /\.(ya?ml|json)$/i;

/**
 * YAML and JSON files below a folder, links followed; a file by itself, whatever its name.
 * @throws Error when there is no such place, or it is neither a file nor a folder
 */
export function manifestsAt(place: string): Manifests {
  const kind = kindOf(place);
  if (kind === "folder") {
    return below(place);
  }
  if (kind === "file") {
    return { files: [fileAt(place, place)], others: [], unreadable: [] };
  }
  throw new Error(
    kind === undefined
      ? `${place}: there is no such file or folder`
      : `${place}: it is neither a file nor a folder, but a pipe, a socket or a device; manifests are read from files`,
  );
}

/** Files that are manifests by their names, below a folder; a file by itself. @throws Error as {@link manifestsAt} */
export function manifestsBelow(place: string): readonly ManifestFile[] {
  return manifestsAt(place).files;
}

/** Undefined where there is nothing, or nothing that may be seen. */
function kindOf(path: string): "file" | "folder" | "other" | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && (found.isDirectory() ? "folder" : found.isFile() ? "file" : "other");
}

function below(place: string): Manifests {
  const files: ManifestFile[] = [];
  const others: string[] = [];
  const unreadable: string[] = [];
  /** @param above the folders on the way here, as they really lie: a link to one of them would lead round and round */
  const visit = (folder: string, above: readonly string[]) => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      const shown = relative(place, path);
      try {
        const kind = kindOf(path);
        if (kind === "folder") {
          const real = realpathSync(path);
          if (name !== "node_modules" && !above.includes(real)) {
            visit(path, [...above, real]);
          }
        } else if (!MANIFEST.test(name)) {
          others.push(shown);
        } else if (kind === "file") {
          files.push(fileAt(path, shown));
        } else {
          unreadable.push(`${shown}: ${kind === undefined ? "a link to nothing" : "no file, but a pipe or a device"}`);
        }
      } catch (error) {
        unreadable.push(`${shown}: ${(error as Error).message}`);
      }
    }
  };
  visit(place, [realpathSync(place)]);
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), others, unreadable };
}
