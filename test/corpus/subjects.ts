/** What the files of a corpus are about, when the command does not say: read from where they stand. */
import { dirname } from "node:path";
import type { PodSecurityVersion, Settings } from "../../policies/model/settings";
import { policiesOf, standardsOnly, type FilePolicy } from "../../policies/commands/choice";
import type { CorpusFile } from "./judgeFile";
import { bare, policiesNamedIn } from "./expectation";
import { notComparable } from "./othersNames";

/** Files sorted by what they are about. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  /** Files left out, as `path: reason`. */
  readonly incomparable: readonly string[];
}

/** Why the verdict on a file cannot be compared, when its path names a check that the pack has nothing like. */
function whyNot(path: string): string | undefined {
  const version = FIXTURE.exec(path)?.[2];
  if (version !== undefined && !VERSIONS.some((one) => one === version)) {
    return `the pack knows the Pod Security Standards of ${VERSIONS[0]} to ${VERSIONS[VERSIONS.length - 1]}, and this is ${version}`;
  }
  const pieces = path
    .replace(/\.\w+$/, "")
    .split("/")
    .map(bare);
  const found = Object.entries(notComparable).find(([name]) => pieces.includes(bare(name)));
  return found && `${found[0]}: ${found[1]}`;
}

/** Files that are about the same policies. */
export interface Subject {
  readonly files: readonly CorpusFile[];
  readonly policies: readonly FilePolicy[];
  /** Settings that these files suppose. */
  readonly settings: Partial<Settings>;
}

const VERSIONS: readonly PodSecurityVersion[] = ["1.33", "1.34", "1.35", "1.36", "1.37"];

/** The layout of the fixtures of Kubernetes' own tests: …/restricted/v1.36/pass/…; some leave the version out. */
const FIXTURE = /(?:^|\/)(baseline|restricted)\/(?:v(1\.\d+)\/)?(?:pass|fail|good|bad|allowed|disallowed)\//;

interface About {
  readonly key: string;
  readonly policies: readonly FilePolicy[];
  readonly settings: Partial<Settings>;
}

function about(path: string, policies: readonly FilePolicy[]): About {
  const [, profile, version] = FIXTURE.exec(path) ?? [];
  if (profile !== undefined) {
    const ofLevel = policiesOf(profile as "baseline" | "restricted", policies);
    const known = VERSIONS.find((one) => one === version);
    const settings = known === undefined ? standardsOnly : { ...standardsOnly, podSecurityVersion: known };
    return { key: `${profile} ${version ?? ""}`, policies: ofLevel, settings };
  }
  const named = policiesNamedIn(path, policies);
  return named.length === 0
    ? { key: "", policies, settings: {} }
    : { key: named.map(({ name }) => name).join(" "), policies: named, settings: {} };
}

/** Why a file is left out of a corpus that has a folder for each check. */
const NO_NAME =
  "no folder above it, nor its own name, is that of a policy or of a control it stands for; --policy says it";

/** Whether a corpus has folders for checks: then a file in none that the pack knows is about something else. */
function hasFolders(files: readonly CorpusFile[], policies: readonly FilePolicy[]): boolean {
  const folders = new Set(files.map((file) => dirname(file.place ?? file.path)));
  return [...folders].some((folder) => policiesNamedIn(folder, policies).length > 0);
}

/**
 * Sorts files by what they are about: a level and version of the Pod Security Standards, the policies that their path names
 * (by a name of the pack's or of a control it stands for), else all of them. Where some folder is a policy's, files that
 * nothing names are left out.
 */
export function subjectsOf(files: readonly CorpusFile[], policies: readonly FilePolicy[]): Subjects {
  const subjects = new Map<string, { readonly about: About; readonly files: CorpusFile[] }>();
  const incomparable: string[] = [];
  const sorted = hasFolders(files, policies);
  for (const file of files) {
    const place = file.place ?? file.path;
    const reason = whyNot(place);
    if (reason !== undefined) {
      incomparable.push(`${file.path}: ${reason}`);
      continue;
    }
    const found = about(place, policies);
    if (found.key === "" && sorted) {
      incomparable.push(`${file.path}: ${NO_NAME}`);
      continue;
    }
    const subject = subjects.get(found.key) ?? { about: found, files: [] };
    subject.files.push(file);
    subjects.set(found.key, subject);
  }
  const asSubjects = [...subjects.values()].map((subject) => ({
    files: subject.files,
    policies: subject.about.policies,
    settings: subject.about.settings,
  }));
  return { subjects: asSubjects, incomparable };
}
