/**
 * Lazy images: containerd's snapshotter of CVMFS takes the layers of an image from a repository, file by file as they are
 * read, where DUCC has put them; other layers are pulled as ever. It is documented for containerd below 2.0 and described
 * by its makers as not yet for production; a site says per pool that it wants it nevertheless.
 */
import { join } from "node:path";
import { bashProgram } from "../kubernetes/programFile";
import type { NodeAddition } from "../cluster/kubeadm/nodeAddition";
import { NO_ADDITION } from "../cluster/kubeadm/nodeAddition";
import type { Pool, Site } from "../../stacks/site/site";
import { CVMFS_ROOT } from "./names";
import { repositoryUnit } from "./machine/units";

/** Repository with the layers. */
const LAYERS_REPOSITORY = "unpacked.cern.ch";

/** Debian package of the snapshotter, of the client's own version. */
export const SNAPSHOTTER_PACKAGE = "cvmfs-snapshotter";

const NAME = "cvmfs-snapshotter";
const SOCKET = "/run/containerd-cvmfs-grpc/containerd-cvmfs-grpc.sock";
const CONFIG = "/etc/containerd-cvmfs-grpc/config.toml";
const CONTAINERD_CONFIG = "/etc/containerd/conf.d/atlas-site-cvmfs-snapshotter.toml";
const SCRIPT = "/usr/local/sbin/atlas-site-lazy-images";
const SYSTEM = "/etc/systemd/system";

/** Whether a pool's machines load images lazily. */
export function hasLazyImages(site: Site, pool: Pool): boolean {
  return site.cvmfs.mode === "host" && pool.role === "batch" && pool.lazyImages === "cvmfs-snapshotter";
}

/** Files and command of the snapshotter for a machine of this pool; nothing where images are pulled as ever. */
export function lazyImages(site: Site, pool: Pool): NodeAddition {
  if (!hasLazyImages(site, pool)) {
    return NO_ADDITION;
  }
  const plain = (path: string, content: string) => ({ path, content, permissions: "0644" });
  return {
    files: [
      plain(CONFIG, snapshotterConfig()),
      plain(`${SYSTEM}/${NAME}.service.d/atlas-site.conf`, snapshotterUnit()),
      plain(`${SYSTEM}/containerd.service.d/atlas-site-${NAME}.conf`, containerdUnit()),
      { path: SCRIPT, content: program(), permissions: "0755" },
    ],
    commands: [SCRIPT],
    taints: [],
  };
}

/**
 * What is laid over containerd's configuration. The annotations tell the snapshotter which layer it is asked for; only
 * containerd's local pull passes them on, its transfer service does not. The pinned pause image of the main file stays.
 */
export function containerdSnapshotterConfig(): string {
  return `version = 3

[proxy_plugins.${NAME}]
type = "snapshot"
address = "${SOCKET}"

[plugins."io.containerd.cri.v1.images"]
snapshotter = "${NAME}"
disable_snapshot_annotations = false
use_local_image_pull = true
`;
}

function snapshotterConfig(): string {
  return `repository = "${LAYERS_REPOSITORY}"\nabsolute-mountpoint = "${CVMFS_ROOT}/${LAYERS_REPOSITORY}"\n`;
}

/** The package's own unit knows nothing of the mount it reads from, and names no configuration. */
function snapshotterUnit(): string {
  const mount = repositoryUnit(LAYERS_REPOSITORY);
  return `[Unit]
Wants=${mount}
After=${mount} autofs.service
Before=containerd.service

[Service]
ExecStart=
ExecStart=/usr/bin/cvmfs_snapshotter --config ${CONFIG} --address ${SOCKET} --log-level info
`;
}

function containerdUnit(): string {
  return `[Unit]\nWants=${NAME}.service\nAfter=${NAME}.service\n`;
}

function program(): string {
  return bashProgram(join(__dirname, "machine", "lazy-images.sh"), {
    CONTAINERD_CONFIG,
    CONTENT: containerdSnapshotterConfig(),
    UNIT: `${NAME}.service`,
    REPOSITORY: LAYERS_REPOSITORY,
  });
}
