/** Golden user data: a list of files per machine, and the files once where machines share them. */
import { createHash } from "node:crypto";
import { Document, isMap, isSeq, parse } from "yaml";
import { planPools } from "../../components/cloud/plan";
import { bootFiles, cloudConfig } from "../../components/cluster/kubeadm/userData";
import { hostCvmfs } from "../../components/cvmfs/host";
import type { Site } from "../../stacks/site/site";
import { clusterParts, FAKE_SECRETS } from "../support/clusterParts";
import type { Variant } from "../support/sites";
import { cvmfsSite } from "../unit/cvmfs/cvmfsSites";
import { shareFiles } from "./sharedFiles";

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
}

function machine(variant: Exclude<Variant, "existing" | "magnum">, name: string): string {
  const parts = clusterParts(variant);
  return cloudConfig(bootFiles(parts.plan, ...parts.machine(name), FAKE_SECRETS));
}

/** The first machine of the batch pool, with what CVMFS adds to it. */
function cvmfsMachine(site: Site): string {
  const cloud = site.cloud!;
  const [first] = planPools(site.site.name, cloud).find(({ name }) => name === "batch")!.machines;
  const plan = { ...clusterParts("small").plan, additions: hostCvmfs(site) };
  return cloudConfig(bootFiles(plan, first, cloud.pools.batch, FAKE_SECRETS));
}

/** User data of each kind of machine, with placeholders for keys. */
export function machineTexts(): Record<string, string> {
  const lazy = { lazyImages: "cvmfs-snapshotter", untestedContainerd: true };
  return {
    "control-plane-first": machine("zonesVolumesTaints", "spread-control-0"),
    "control-plane-other": machine("zonesVolumesTaints", "spread-control-2"),
    "control-plane-single": machine("small", "small-control-0"),
    worker: machine("zonesVolumesTaints", "spread-batch-1"),
    "worker-cvmfs-packages": cvmfsMachine(
      cvmfsSite({ mode: "host", cacheVolumeGb: 40 }, lazy, { seccomp: "Unconfined" }),
    ),
    "worker-cvmfs-image-autofs": cvmfsMachine(cvmfsSite({ mode: "host", client: "image", mounts: "autofs" })),
  };
}

/** Golden files by their name below `user-data/`. */
export function machineGoldens(texts: Readonly<Record<string, string>>): Record<string, string> {
  const configs = Object.entries(texts).map(([name, text]) => [name, parse(text) as CloudConfig] as const);
  const { stored, names } = shareFiles(
    Object.fromEntries(
      configs.map(([name, { write_files: files }]) => [
        name,
        Object.fromEntries(files.map(({ path, content }) => [fileName(path), content])),
      ]),
    ),
  );
  const lists = configs.map(([name, config]) => [
    `${name}.yaml`,
    listText(config, names[name], createHash("sha256").update(texts[name]).digest("hex")),
  ]);
  return {
    ...Object.fromEntries(lists as [string, string][]),
    ...Object.fromEntries(Object.entries(stored).map(([path, text]) => [`files${path}`, text])),
  };
}

/** Names of systemd's units have backslashes, which not every file system allows. */
function fileName(path: string): string {
  return path.replaceAll("\\", "_");
}

/** The cloud-config with the name of its golden file in place of a content, where that is not the path itself. */
function listText(config: CloudConfig, names: Readonly<Record<string, string>>, sha256: string): string {
  const files = config.write_files.map(({ path, ...entry }) => {
    const name = names[fileName(path)];
    return { path, ...entry, content: name === path ? undefined : `files${name}` };
  });
  const document = new Document({ ...config, write_files: files });
  const list = document.get("write_files");
  if (isSeq(list)) {
    list.items.filter(isMap).forEach((item) => (item.flow = true));
  }
  document.commentBefore = ` Contents are in files/, below their path unless it is named. sha256 of the whole text: ${sha256}`;
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
