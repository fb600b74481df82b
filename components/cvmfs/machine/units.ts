/** systemd units of a machine's CVMFS: a mount for each repository, a timer that fixes them, or the automounter. */
import { CONFIG_REPOSITORY, CVMFS_ROOT } from "../names";
import { CACHE_BASE, mountedRepositories } from "../clientConfig";
import { WATCH_SCRIPT } from "./watch";
import type { BootFile } from "../../cluster/kubeadm/nodeAddition";

/** Timer that has missing mounts made. */
export const MOUNTS_TIMER = "atlas-site-cvmfs-mounts.timer";

/** Holds the kubelet back at later boots until the repositories answer, as the boot program does at the first one. */
export const GATE_UNIT = "atlas-site-cvmfs-gate.service";

/** Has a shutdown wait for the client. */
export const END_UNIT = "atlas-site-cvmfs-end.service";

/** How often the timer looks, in seconds. */
const MEND_SECONDS = 15;

/**
 * What one mount may take, in seconds. After an unclean end the client builds the index of its cache anew before it mounts:
 * 118 s were measured for 1.2 million files, and an attempt that is cut off begins from nothing. Jobs are kept away by the
 * taint meanwhile, and the kubelet waits only as long as the gate.
 */
const MOUNT_SECONDS = 900;

/** How long a shutdown waits for the client to close its cache, in seconds; without jobs it takes less than one. */
const END_SECONDS = 60;

/** How long the automounter keeps an unused repository, in seconds: a drop under running containers is what goes wrong. */
const AUTOFS_SECONDS = 86_400;

const SYSTEM = "/etc/systemd/system";

/** Name of the mount unit for a path, by systemd's rule: `/` becomes `-`, other signs their code. */
export function mountUnit(path: string): string {
  const name = path
    .slice(1)
    .replaceAll(/[^A-Za-z0-9:_./]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replaceAll("/", "-");
  return `${name}.mount`;
}

/** Name of a repository's mount unit. */
export function repositoryUnit(repository: string): string {
  return mountUnit(`${CVMFS_ROOT}/${repository}`);
}

function plain(path: string, lines: readonly string[]): BootFile {
  return { path, content: `${lines.join("\n")}\n`, permissions: "0644" };
}

/** A mount unit for each repository, the timer that fixes them, and the wait at shutdown. */
export function staticMountFiles(repositories: readonly string[]): BootFile[] {
  const all = mountedRepositories(repositories);
  return [...all.map(repositoryMount), ...mendingFiles(), endFile(all.map(repositoryUnit))];
}

function repositoryMount(repository: string): BootFile {
  const config = repositoryUnit(CONFIG_REPOSITORY);
  // Wanted is not enough: a client that finds no configuration mounts with other servers and keys.
  const afterConfig = repository === CONFIG_REPOSITORY ? [] : [`Requires=${config}`, `After=${config}`];
  return plain(`${SYSTEM}/${repositoryUnit(repository)}`, [
    "[Unit]",
    `Description=CVMFS repository ${repository}`,
    // An image may show its repositories in another way; then there is nothing to mount.
    "ConditionPathExists=/sbin/mount.cvmfs",
    `RequiresMountsFor=${CACHE_BASE.host}`,
    // Without its usual place before remote-fs.target: logins come after that one, and a mount may take minutes.
    "DefaultDependencies=no",
    "Conflicts=umount.target",
    "Before=umount.target",
    "Wants=network-online.target",
    "After=network-online.target",
    ...afterConfig,
    "",
    "[Mount]",
    `What=${repository}`,
    `Where=${CVMFS_ROOT}/${repository}`,
    "Type=cvmfs",
    "Options=_netdev,nodev",
    `TimeoutSec=${MOUNT_SECONDS}`,
    // The cache manager of all repositories lives in the control group of the unit that mounted first.
    "KillMode=process",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
}

/** Mount units are never tried again by systemd itself, and the site's squids may come after the machine. */
function mendingFiles(): BootFile[] {
  return [
    plain(`${SYSTEM}/${MOUNTS_TIMER.replace(".timer", ".service")}`, [
      "[Unit]",
      "Description=Mount CVMFS repositories that are missing or lost their client",
      "",
      "[Service]",
      "Type=oneshot",
      `ExecStart=${WATCH_SCRIPT} fix`,
      "TimeoutStartSec=60",
    ]),
    plain(`${SYSTEM}/${MOUNTS_TIMER}`, [
      "[Unit]",
      "Description=Mount CVMFS repositories that are missing or lost their client",
      "",
      "[Timer]",
      `OnActiveSec=${MEND_SECONDS}`,
      `OnUnitInactiveSec=${MEND_SECONDS}`,
      "AccuracySec=1",
      "",
      "[Install]",
      "WantedBy=timers.target",
    ]),
  ];
}

/**
 * Stops after everything that is named in Before=, so a shutdown waits for the client when pods and mounts are gone.
 * @param mounts units that mount the repositories
 */
function endFile(mounts: readonly string[]): BootFile {
  return plain(`${SYSTEM}/${END_UNIT}`, [
    "[Unit]",
    "Description=Wait at shutdown until the CVMFS client has closed its cache",
    `RequiresMountsFor=${CACHE_BASE.host}`,
    `Before=containerd.service kubelet.service ${mounts.join(" ")}`,
    "",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    "ExecStart=/bin/true",
    `ExecStop=${WATCH_SCRIPT} end ${END_SECONDS}`,
    `TimeoutStopSec=${END_SECONDS + 30}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
}

/**
 * The gate at later boots: the node is registered then, and carries no taint from its first registration.
 * @param seconds to wait at most
 */
export function gateFile(seconds: number): BootFile {
  return plain(`${SYSTEM}/${GATE_UNIT}`, [
    "[Unit]",
    "Description=Wait for the CVMFS repositories",
    "Wants=network-online.target",
    "After=network-online.target",
    "Before=kubelet.service",
    "",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=${WATCH_SCRIPT} gate ${seconds}`,
    `TimeoutStartSec=${seconds + 30}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
}

/** The automounter: its map with a long timeout, no death of the clients when it is restarted, and the same watch. */
export function autofsFiles(): BootFile[] {
  return [
    plain("/etc/auto.master.d/cvmfs.autofs", [`${CVMFS_ROOT} /etc/auto.cvmfs --timeout=${AUTOFS_SECONDS}`]),
    plain(`${SYSTEM}/autofs.service.d/atlas-site.conf`, [
      "[Unit]",
      `RequiresMountsFor=${CACHE_BASE.host}`,
      "",
      "[Service]",
      "KillMode=process",
    ]),
    ...mendingFiles(),
    endFile(["autofs.service"]),
  ];
}
