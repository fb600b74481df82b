/** The files of a corpus with what is expected of each. */
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CorpusFile } from "./judgeFile";
import { expectationOf, type Expectation } from "./expectation";
import { manifestsBelow, type ManifestFile } from "../../policies/commands/files";
import { verdictsIn } from "./verdictFiles";

/** Files of one folder `input` of Kubescape's are one case: its verdict is about all of them together. */
function joined(files: readonly ManifestFile[], cases: ReadonlySet<string>): ManifestFile[] {
  const rest = files.filter(({ path }) => !cases.has(dirname(path)));
  const together = [...cases].map((folder) => ({
    path: folder,
    text: files
      .filter(({ path }) => dirname(path) === folder)
      .map(({ text }) => text)
      .join("\n---\n"),
  }));
  return [...rest, ...together];
}

/**
 * Reads a folder (or a file) of a corpus.
 * @param expect what is said of all of it; it wins against names and test descriptions
 * @param found the manifests there, where somebody has read them
 * @throws Error when there is no such place
 */
export function corpusFilesIn(
  place: string,
  expect: Expectation | undefined,
  found: readonly ManifestFile[] = manifestsBelow(place),
): CorpusFile[] {
  const { ofFiles, ofObjects, descriptions } = verdictsIn(found);
  const manifests = found.filter(({ path }) => !descriptions.has(path));
  const isCase = (path: string) => ofFiles.has(path) && dirname(path).endsWith("input");
  const cases = new Map(manifests.filter(({ path }) => isCase(path)).map(({ path }) => [dirname(path), path]));
  return joined(manifests, new Set(cases.keys())).map((file) => {
    // The folders above may be all that says something: …/baseline/v1.36/fail.
    const whole = resolve(statSync(place).isDirectory() ? join(place, file.path) : place);
    const described = ofFiles.get(cases.get(file.path) ?? file.path);
    return {
      ...file,
      place: whole,
      expect: expect ?? described ?? expectationOf(whole),
      expectOfObjects: expect === undefined ? ofObjects.get(file.path) : undefined,
      together: cases.has(file.path) || undefined,
    };
  });
}
