/** The program that keeps a machine's repositories mounted: at the first boot, and then whenever its timer calls. */
import { join } from "node:path";
import { bashProgram } from "../../kubernetes/programFile";

/** Where the program lies on a machine. */
export const WATCH_SCRIPT = "/usr/local/sbin/atlas-site-cvmfs";

/** What the program needs to know. */
export interface Watch {
  /** Repositories every batch node must offer. */
  readonly repositories: readonly string[];
  /** Repositories with a mount unit, in the order they are mounted; none with the automounter. */
  readonly mounts: readonly string[];
  /** Repository that holds servers and keys of the others; the client reads it whenever it mounts one of them. */
  readonly configuration: string;
  /** What `start` enables and starts: mount units and timer, or the automounter. */
  readonly units: readonly string[];
  /** What `start` enables for later boots only. */
  readonly atBoot: readonly string[];
  /** `host:port` of every proxy; empty: the client goes to the servers directly. */
  readonly proxies: readonly string[];
}

/** The program, with what it needs to know. */
export function watchScript({ repositories, mounts, configuration, units, atBoot, proxies }: Watch): string {
  return bashProgram(join(__dirname, "watch.sh"), {
    REPOSITORIES: repositories,
    MOUNTS: mounts,
    CONFIGURATION: configuration,
    UNITS: units,
    BOOT_UNITS: atBoot,
    PROXIES: proxies,
  });
}
