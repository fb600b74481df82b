/** Installs the CVMFS client on a machine from CERN's package repository. */
import { join } from "node:path";
import { bashProgram } from "../../kubernetes/programFile";

/** Where the program lies on a machine. */
export const INSTALL_SCRIPT = "/usr/local/sbin/atlas-site-cvmfs-install";

/** The package repository as CernVM's documentation names it: the primary server, over https. */
const REPOSITORY = "https://cvmrepo.s3.cern.ch/cvmrepo/apt";

/** Fingerprints of CernVM's signing keys, from its documentation: the old one of 2010, the new one of 2024. */
const FINGERPRINTS = ["70B9890488208E315ED45208230D389D8AE45CE7", "FD80468D49B3B24C341741FC8CE0A76C497EA957"];

/**
 * The program.
 * @param version of the client, e.g. `2.13.3`
 * @param packages beside client and its configuration, e.g. the snapshotter
 */
export function installScript(version: string, packages: readonly string[]): string {
  return bashProgram(join(__dirname, "install.sh"), {
    VERSION: version,
    REPOSITORY,
    FINGERPRINTS,
    PACKAGES: packages,
  });
}
