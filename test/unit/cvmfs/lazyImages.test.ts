/** The program that has containerd load images lazily: only where the snapshotter is there and starts. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { containerdSnapshotterConfig, hasLazyImages, lazyImages } from "../../../components/cvmfs/lazyImages";
import { cvmfsSite } from "./cvmfsSites";
import { MachineFolder } from "./machineRun";

const LAZY = { lazyImages: "cvmfs-snapshotter", untestedContainerd: true };
const CONFIG = "/etc/containerd/conf.d/atlas-site-cvmfs-snapshotter.toml";
const site = cvmfsSite({ mode: "host" }, LAZY);
const pools = site.cloud!.pools;
const script = lazyImages(site, pools.batch).files.find(({ path }) => path.endsWith("lazy-images"))!.content;

let machine: MachineFolder;

beforeEach(() => {
  machine = new MachineFolder();
  machine.standIn("systemctl");
});

afterEach(() => machine.dispose());

test("containerd is told of a snapshotter that starts", () => {
  machine.standIn("cvmfs_snapshotter");
  const made = machine.run(script);
  expect(made.exitCode).toBe(0);
  expect(machine.read(CONFIG)).toBe(containerdSnapshotterConfig());
  expect(made.calls).toEqual(["systemctl enable --quiet --now cvmfs-snapshotter.service"]);
  expect(made.console).toContain("layers come from unpacked.cern.ch where it has them");
});

test("containerd is told of none that is not there or does not start, or it would refuse every image", () => {
  expect(machine.run(script).console).toContain("no cvmfs_snapshotter on this machine: images are pulled in full");
  expect(machine.read(CONFIG)).toBe("");
  machine.standIn("cvmfs_snapshotter");
  machine.standIn("systemctl", "exit 1");
  const made = machine.run(script);
  expect(made.console).toContain("the snapshotter does not start: images are pulled in full");
  expect([made.exitCode, machine.read(CONFIG)]).toEqual([1, ""]);
});

test("pools that ask for none, and machines without CVMFS of their own, have nothing of it", () => {
  expect(hasLazyImages(site, pools.batch)).toBe(true);
  expect(hasLazyImages(site, pools.services)).toBe(false);
  expect(hasLazyImages(cvmfsSite({ mode: "csi" }), { ...pools.batch })).toBe(false);
  expect(lazyImages(cvmfsSite({ mode: "host" }), { ...pools.batch, lazyImages: "none" })).toEqual({
    files: [],
    commands: [],
    taints: [],
  });
});
