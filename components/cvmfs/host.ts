/** CVMFS on the machines: what a batch machine gets of it before it becomes a node. */
import { capabilities } from "../cluster/capabilities";
import type { NodeAddition, NodeAdditions } from "../cluster/kubeadm/nodeAddition";
import { merged, NO_ADDITION } from "../cluster/kubeadm/nodeAddition";
import type { HostCvmfs, Pool, Site } from "../../stacks/site/site";
import { defaultLocal, mountedRepositories, proxyList, repositoryParameters, type ClientSite } from "./clientConfig";
import { hasLazyImages, lazyImages, SNAPSHOTTER_PACKAGE } from "./lazyImages";
import { CACHE_SCRIPT, cacheVolumeFiles } from "./machine/cacheVolume";
import { INSTALL_SCRIPT, installScript } from "./machine/install";
import {
  autofsFiles,
  END_UNIT,
  GATE_UNIT,
  gateFile,
  MOUNTS_TIMER,
  repositoryUnit,
  staticMountFiles,
} from "./machine/units";
import { clientMemoryMb } from "./requests";
import { userNamespacesFile } from "./machine/userNamespaces";
import { WATCH_SCRIPT, watchScript } from "./machine/watch";
import { CONFIG_REPOSITORY, UNREADY_TAINT } from "./names";

/** A client that the image brings is set up like an installed one; an image without one shows its repositories otherwise. */
const SET_UP = "! command -v cvmfs_config > /dev/null || cvmfs_config setup noautofs > /dev/null";

/** What machines of the site get of CVMFS: batch machines alone, for only jobs need it. */
export function hostCvmfs(site: Site): NodeAdditions {
  return (machine, pool) => {
    if (pool.role !== "batch") {
      return NO_ADDITION;
    }
    const { cvmfs } = site;
    const parts = [
      userNamespaces(site, machine.pool),
      ...(cvmfs.mode === "none" ? [] : [{ files: [], commands: [], taints: [UNREADY_TAINT] }]),
      ...(cvmfs.mode === "host" ? [client(site, cvmfs, pool), lazyImages(site, pool)] : []),
    ];
    return merged(parts);
  };
}

function userNamespaces(site: Site, pool: string): NodeAddition {
  const wanted = Object.values(site.queues).some((queue) => queue.pool === pool && queue.seccomp === "Unconfined");
  return wanted ? { files: [userNamespacesFile()], commands: [], taints: [] } : NO_ADDITION;
}

/** Client, its configuration, its mounts, and the gate that waits for them. */
function client(site: Site, cvmfs: HostCvmfs, pool: Pool): NodeAddition {
  const configured = { site: site.site, capabilities: capabilities(site), cvmfs };
  const script = (path: string, content: string) => ({ path, content, permissions: "0755" });
  const isStatic = cvmfs.mounts === "static";
  const mounts = isStatic ? mountedRepositories(cvmfs.repositories) : [];
  const watch = watchScript({
    repositories: cvmfs.repositories,
    mounts,
    configuration: CONFIG_REPOSITORY,
    units: [END_UNIT, ...(isStatic ? mounts.map(repositoryUnit) : ["autofs.service"]), MOUNTS_TIMER],
    atBoot: [GATE_UNIT],
    proxies: proxyEndpoints(configured),
  });
  const packages = hasLazyImages(site, pool) ? [SNAPSHOTTER_PACKAGE] : [];
  return {
    files: [
      { path: "/etc/cvmfs/default.local", content: defaultLocal(configured), permissions: "0644" },
      ...Object.entries(repositoryParameters(configured)).map(([name, content]) => {
        return { path: `/etc/cvmfs/config.d/${name}`, content, permissions: "0644" };
      }),
      ...(cvmfs.cacheVolumeGb === undefined ? [] : cacheVolumeFiles(cvmfs.cacheVolumeGb)),
      ...(cvmfs.client === "packages" ? [script(INSTALL_SCRIPT, installScript(cvmfs.clientVersion, packages))] : []),
      ...(isStatic ? staticMountFiles(cvmfs.repositories) : autofsFiles()),
      gateFile(cvmfs.gateSeconds),
      script(WATCH_SCRIPT, watch),
    ],
    commands: [
      ...(cvmfs.cacheVolumeGb === undefined ? [] : [CACHE_SCRIPT]),
      ...(cvmfs.client === "packages" ? [INSTALL_SCRIPT] : []),
      SET_UP,
      `${WATCH_SCRIPT} start`,
      `${WATCH_SCRIPT} gate ${cvmfs.gateSeconds}`,
    ],
    taints: [],
    reservedMemoryMb: clientMemoryMb(cvmfs),
    blankVolumesGb: cvmfs.cacheVolumeGb === undefined ? [] : [cvmfs.cacheVolumeGb],
  };
}

/** `host:port` of every proxy, none as soon as the client may go to the servers directly. */
function proxyEndpoints(site: ClientSite): string[] {
  const proxies = proxyList(site)
    .split(/[;|]/)
    .filter((proxy) => proxy !== "");
  return proxies.includes("DIRECT") ? [] : proxies.map((proxy) => proxy.replace("http://", ""));
}
