/** The probe's program and its settings, as texts. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cvmfs } from "../../stacks/site/site";
import { CONFIG_REPOSITORY, CVMFS_ROOT, UNREADY_TAINT } from "./names";

/** Port of the probe's metrics and health answers. */
export const PROBE_PORT = 9102;

/** Name of the settings among the program's files. */
export const PROBE_SETTINGS = "settings.json";

/** Name of the file that is run. */
export const PROBE_MAIN = "cvmfs_probe.py";

/**
 * What the ATLAS pilot (3.11) and its wrapper look at in each repository before they take a job. A repository that is not
 * listed has no such file: there the probe lists the top directory.
 */
export const FRESHNESS_FILES: Readonly<Record<string, string>> = {
  "atlas.cern.ch": "repo/ATLASLocalRootBase/logDir/lastUpdate",
  "atlas-condb.cern.ch": "repo/conditions/logDir/lastUpdate",
  "atlas-nightlies.cern.ch": "repo/sw/logs/lastUpdate",
  "sft.cern.ch": "lcg/lastUpdate",
  "sft-nightlies.cern.ch": "lcg/lastUpdate",
  "unpacked.cern.ch": "logDir/lastUpdate",
};

/** A repository as the probe's settings name it. */
interface ProbedRepository {
  readonly name: string;
  /** File below the repository; absent: its top directory. */
  readonly path?: string;
  /** false: it shows in the metrics, and no node is tainted for it; absent: true. */
  readonly required?: boolean;
}

/** What the program reads at its start. */
export interface ProbeSettings {
  /** Folder with the repositories. */
  readonly base: string;
  readonly repositories: readonly ProbedRepository[];
  /** From the end of one round of looks to the start of the next. */
  readonly periodSeconds: number;
  /** What a look may take. */
  readonly timeoutSeconds: number;
  /** How often each required repository is asked for a file that is hardly in the cache. */
  readonly fetchSeconds: number;
  /** Good rounds in a row that free a node again. */
  readonly liftAfterRounds: number;
  readonly port: number;
  readonly taint: { readonly key: string; readonly effect: string };
}

/**
 * Settings of the probe of a site with CVMFS.
 * @param ownClient whether the program sets up the client; another's may have another configuration repository
 */
export function probeSettings(cvmfs: Exclude<Cvmfs, { mode: "none" }>, ownClient: boolean): ProbeSettings {
  const configuration = ownClient && !cvmfs.repositories.includes(CONFIG_REPOSITORY);
  return {
    base: CVMFS_ROOT,
    repositories: [
      ...cvmfs.repositories.map((name) => {
        return name in FRESHNESS_FILES ? { name, path: FRESHNESS_FILES[name] } : { name };
      }),
      // Jobs do not read it, but no other repository can be mounted without it.
      ...(configuration ? [{ name: CONFIG_REPOSITORY, required: false }] : []),
    ],
    ...cvmfs.probe,
    port: PROBE_PORT,
    taint: UNREADY_TAINT,
  };
}

/** The program, file by file: the only thing a layer reads from the disk, since Python belongs into files of its own. */
export function probeFiles(): Record<string, string> {
  const folder = join(__dirname, "probe");
  const names = readdirSync(folder).filter((name) => name.endsWith(".py"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
