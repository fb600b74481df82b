/** What a machine gets of CVMFS before it becomes a node. */
import { describe, expect, test } from "vitest";
import { planPools } from "../../../components/cloud/plan";
import { NO_ADDITION, type NodeAddition } from "../../../components/cluster/kubeadm/nodeAddition";
import { bootFiles } from "../../../components/cluster/kubeadm/userData";
import { capabilities } from "../../../components/cluster/capabilities";
import { PROBE_REQUESTS } from "../../../components/cvmfs/requests";
import { nodeLoad } from "../../../components/features/features";
import { nodeRoom } from "../../../components/harvester/capacity";
import { nodeRegistration } from "../../../components/cluster/kubeadm/kubeadmConfig";
import { hostCvmfs } from "../../../components/cvmfs/host";
import { mountUnit } from "../../../components/cvmfs/machine/units";
import type { Site } from "../../../stacks/site/site";
import { bashProblem } from "../../support/bootMachine";
import { clusterParts, FAKE_SECRETS } from "../../support/clusterParts";
import { cvmfsSite } from "./cvmfsSites";

const LAZY = { lazyImages: "cvmfs-snapshotter", untestedContainerd: true };

/** The first machine of a pool, and its pool. */
function machineOf(site: Site, pool: string) {
  const cloud = site.cloud!;
  const machine = planPools(site.site.name, cloud).find(({ name }) => name === pool)!.machines[0];
  return [machine, cloud.pools[pool]] as const;
}

function addition(site: Site, pool = "batch"): NodeAddition {
  return hostCvmfs(site)(...machineOf(site, pool));
}

function paths(site: Site): string[] {
  return addition(site).files.map(({ path }) => path);
}

function content(site: Site, path: string): string {
  const file = addition(site).files.find((candidate) => candidate.path === path);
  expect(file, `${path} among ${paths(site).join(", ")}`).toBeDefined();
  return file!.content;
}

describe("user data of a worker", () => {
  const plan = clusterParts("small").plan;

  test("brings every file once, and every command is there to be run", () => {
    const site = cvmfsSite({ mode: "host", cacheVolumeGb: 40 }, LAZY, { seccomp: "Unconfined" });
    const files = bootFiles({ ...plan, additions: hostCvmfs(site) }, ...machineOf(site, "batch"), FAKE_SECRETS);
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    const programs = addition(site).commands.filter((command) => command.startsWith("/"));
    expect(programs.length).toBeGreaterThan(3);
    for (const command of programs) {
      const file = files.find(({ path }) => path === command.split(" ")[0]);
      expect([command, file?.permissions]).toEqual([command, "0755"]);
    }
  });

  test("is programs that bash can read, the boot program with these commands too", () => {
    for (const section of [{ cacheVolumeGb: 40 }, { client: "image" }, { mounts: "autofs" }]) {
      const site = cvmfsSite({ mode: "host", ...section }, LAZY);
      const files = bootFiles({ ...plan, additions: hostCvmfs(site) }, ...machineOf(site, "batch"), FAKE_SECRETS);
      const programs = files.filter(({ permissions }) => permissions === "0755");
      expect(programs.length).toBeGreaterThan(2);
      programs.forEach(({ path, content: text }) => expect([path, bashProblem(text)]).toEqual([path, ""]));
    }
  });
});

describe("the taint", () => {
  test("keeps jobs from every batch machine from its first registration, however CVMFS comes to it", () => {
    for (const mode of ["host", "csi"]) {
      const site = cvmfsSite({ mode });
      const taint = { key: "site/cvmfs-unready", effect: "NoSchedule" };
      expect(addition(site).taints).toEqual([taint]);
      const plan = { ...clusterParts("small").plan, additions: hostCvmfs(site) };
      expect(nodeRegistration(plan, ...machineOf(site, "batch")).taints).toEqual([taint]);
    }
  });

  test("is on no other machine, nor is anything else of CVMFS", () => {
    const site = cvmfsSite({ mode: "host" }, {}, { seccomp: "Unconfined" });
    for (const pool of ["control", "services"]) {
      expect(addition(site, pool)).toEqual(NO_ADDITION);
    }
  });
});

describe("the client's memory", () => {
  const kubeletFlags = (site: Site) => {
    const plan = { ...clusterParts("small").plan, additions: hostCvmfs(site) };
    const flags = nodeRegistration(plan, ...machineOf(site, "batch")).kubeletExtraArgs;
    return Object.fromEntries(flags.map(({ name, value }) => [name, value]));
  };
  const room = (site: Site) => nodeRoom(nodeLoad(site), site.cloud!.pools.batch, capabilities(site).nodes!).memoryMb;

  test("on hosts is kept from jobs by the kubelet, and the arithmetic counts the same", () => {
    const { memoryMb } = clusterParts("small").plan.kubeadm.reserved.system;
    const seven = cvmfsSite({ mode: "host" });
    const without = room({ ...seven, cvmfs: { mode: "none" } }) - PROBE_REQUESTS.memoryMb;
    const client = without - room(seven);
    // Eight idle repositories, the one with the configuration among them, took 248 MB.
    expect(client).toBe(248);
    expect(kubeletFlags(seven)["system-reserved"]).toMatch(new RegExp(`^cpu=\\d+m,memory=${memoryMb + client}Mi$`));
  });

  test("in pods is their request, so the kubelet keeps nothing more", () => {
    expect(kubeletFlags(cvmfsSite({ mode: "csi" }))).not.toHaveProperty("system-reserved");
  });
});

describe("the client", () => {
  test("comes from CERN's packages, of the site's version, or is in the image", () => {
    const install = "/usr/local/sbin/atlas-site-cvmfs-install";
    expect(content(cvmfsSite({ mode: "host", clientVersion: "2.12.7" }), install)).toContain("VERSION='2.12.7'\n");
    const image = cvmfsSite({ mode: "host", client: "image" });
    expect(paths(image)).not.toContain(install);
    expect(addition(image).commands.join("\n")).not.toContain("install");
    expect(paths(image)).toContain("/etc/cvmfs/default.local");
  });

  test("is not on hosts when it comes by CSI", () => {
    expect(addition(cvmfsSite({ mode: "csi" }))).toMatchObject({ files: [], commands: [] });
  });

  test("is there, configured and mounted, before the gate waits for it", () => {
    const { commands } = addition(cvmfsSite({ mode: "host", cacheVolumeGb: 40, gateSeconds: 90 }));
    expect(commands).toEqual([
      "/usr/local/sbin/atlas-site-cvmfs-cache",
      "/usr/local/sbin/atlas-site-cvmfs-install",
      expect.stringContaining("cvmfs_config setup noautofs") as string,
      "/usr/local/sbin/atlas-site-cvmfs start",
      "/usr/local/sbin/atlas-site-cvmfs gate 90",
    ]);
  });
});

describe("static mounts", () => {
  const site = cvmfsSite({ mode: "host", repositories: ["atlas-condb.cern.ch", "sft.cern.ch"] });
  const unit = (name: string) => content(site, `/etc/systemd/system/${name}`);

  test("are a unit for each repository, under the name that systemd has for its path", () => {
    expect(mountUnit("/cvmfs/atlas-condb.cern.ch")).toBe("cvmfs-atlas\\x2dcondb.cern.ch.mount");
    expect(unit("cvmfs-atlas\\x2dcondb.cern.ch.mount")).toMatch(
      /What=atlas-condb\.cern\.ch\nWhere=\/cvmfs\/atlas-condb\.cern\.ch\nType=cvmfs\n/,
    );
  });

  test("come after the repository that configures them and after the cache's own disk", () => {
    const config = "cvmfs-cvmfs\\x2dconfig.cern.ch.mount";
    expect(unit("cvmfs-sft.cern.ch.mount")).toContain(`Requires=${config}\nAfter=${config}\n`);
    expect(unit("cvmfs-sft.cern.ch.mount")).toContain("RequiresMountsFor=/var/lib/cvmfs\n");
    expect(unit(config)).not.toContain(config);
  });

  test("may take the time of an index built anew, and hold up neither logins nor each other's client", () => {
    for (const name of ["cvmfs-sft.cern.ch.mount", "cvmfs-cvmfs\\x2dconfig.cern.ch.mount"]) {
      // 1.2 million files took 118 s; caches hold several times as many.
      expect(Number(/^TimeoutSec=(\d+)$/m.exec(unit(name))![1])).toBeGreaterThanOrEqual(900);
      expect(unit(name)).toContain("KillMode=process\n");
      expect(unit(name)).toContain("DefaultDependencies=no\nConflicts=umount.target\nBefore=umount.target\n");
    }
  });

  test("end at a shutdown after pods and before the cache's own disk, in a bounded time, however they are made", () => {
    for (const [mounts, owner] of [
      ["static", "cvmfs-sft.cern.ch.mount"],
      ["autofs", "autofs.service"],
    ]) {
      const text = content(cvmfsSite({ mode: "host", mounts }), "/etc/systemd/system/atlas-site-cvmfs-end.service");
      expect(text).toMatch(/^Before=containerd\.service kubelet\.service .*$/m);
      expect(/^Before=(.*)$/m.exec(text)![1].split(" ")).toContain(owner);
      expect(text).toContain("RequiresMountsFor=/var/lib/cvmfs\n");
      const [, waits] = /^ExecStop=\S+ end (\d+)$/m.exec(text)!;
      expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(text)![1])).toBeGreaterThan(Number(waits));
    }
  });

  test("leave an image alone that shows its repositories without a client", () => {
    expect(unit("cvmfs-sft.cern.ch.mount")).toContain("ConditionPathExists=/sbin/mount.cvmfs\n");
  });

  test("give way to the automounter, which drops nothing for a day and leaves clients alone when it is restarted", () => {
    const automount = cvmfsSite({ mode: "host", mounts: "autofs" });
    expect(paths(automount).filter((path) => path.endsWith(".mount"))).toEqual([]);
    expect(content(automount, "/etc/auto.master.d/cvmfs.autofs")).toBe("/cvmfs /etc/auto.cvmfs --timeout=86400\n");
    expect(content(automount, "/etc/systemd/system/autofs.service.d/atlas-site.conf")).toContain("KillMode=process");
  });
});

describe("user namespaces", () => {
  const file = "/etc/sysctl.d/95-atlas-site-user-namespaces.conf";

  test("are allowed where a queue's pilots need them, in every mode, and only there", () => {
    for (const mode of ["host", "csi"]) {
      expect(content(cvmfsSite({ mode }, {}, { seccomp: "Unconfined" }), file)).toContain("max_user_namespaces");
      expect(paths(cvmfsSite({ mode }))).not.toContain(file);
    }
  });

  test("are no failure on a kernel that does not know the setting", () => {
    const lines = content(cvmfsSite({ mode: "host" }, {}, { seccomp: "Unconfined" }), file)
      .split("\n")
      .filter(Boolean);
    const settings = lines.filter((line) => !line.startsWith("#"));
    expect(settings.length).toBeGreaterThan(0);
    settings.forEach((line) => expect(line).toMatch(/^-[a-z._]+ = \d+$/));
  });
});

describe("lazy images", () => {
  const lazy = cvmfsSite({ mode: "host" }, LAZY);

  test("are made ready after the repositories and before containerd, only on pools that want them", () => {
    expect(addition(lazy).commands.at(-1)).toBe("/usr/local/sbin/atlas-site-lazy-images");
    expect(paths(cvmfsSite({ mode: "host" })).filter((path) => path.includes("snapshotter"))).toEqual([]);
    const unit = content(lazy, "/etc/systemd/system/cvmfs-snapshotter.service.d/atlas-site.conf");
    expect(unit).toContain("After=cvmfs-unpacked.cern.ch.mount ");
    expect(unit).toContain("Before=containerd.service\n");
  });

  test("have their package with the client's", () => {
    const install = content(lazy, "/usr/local/sbin/atlas-site-cvmfs-install");
    expect(install).toContain("PACKAGES='cvmfs-snapshotter'\n");
  });
});

test("every unit and drop-in of a worker is one that systemd can read", () => {
  const site = cvmfsSite({ mode: "host", cacheVolumeGb: 40 }, LAZY);
  const units = addition(site).files.filter(({ path }) => path.startsWith("/etc/systemd/system/"));
  expect(units.length).toBeGreaterThan(10);
  for (const { path, content: text } of units) {
    const lines = text.split("\n").filter((line) => line !== "");
    lines.forEach((line) => expect([path, line]).toEqual([path, expect.stringMatching(/^(\[\w+\]|\w+=.*)$/)]));
    expect(lines[0]).toBe("[Unit]");
  }
});
