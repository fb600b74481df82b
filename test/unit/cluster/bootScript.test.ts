import { describe, expect, test } from "vitest";
import { bootScript } from "../../../components/cluster/kubeadm/bootScript";
import { bashProblem, boot } from "../../support/bootMachine";
import { clusterParts, FAKE_SECRETS } from "../../support/clusterParts";

const single = clusterParts("small");
const three = clusterParts("zonesVolumesTaints");
const API = "10.64.0.2:6443";
const INIT = "init --config /etc/atlas-site/init.yaml";
const JOIN = "join --config /etc/atlas-site/join.yaml";

describe("the boot program's text", () => {
  test.each([
    ["small-control-0", single],
    ["small-batch-0", single],
    ["spread-control-0", three],
    ["spread-control-2", three],
  ])("of %s is sound bash that stops at unset variables and trusts no unknown server", (name, parts) => {
    const [machine] = parts.machine(name);
    const script = bootScript(parts.plan, machine, [], "abcdef");
    expect(bashProblem(script)).toBe("");
    expect(script.split("\n")[0]).toBe("#!/bin/bash");
    expect(script).toContain("set -u\n");
    for (const call of script.match(/^.*\bcurl .*$/gm) ?? []) {
      expect(call).toMatch(/--cacert \S+/);
      expect(call).toMatch(/--max-time \d+/);
      expect(call).not.toMatch(/--insecure| -k /);
    }
    expect(script).not.toContain(FAKE_SECRETS.token.split(".")[1]);
  });
});

describe("a machine at its first boot", () => {
  test("makes the cluster when it is index 0 and no API answers, with the CAs in kubeadm's place", () => {
    const { kubeadm, console, exitCode, sawCaKey } = boot(single, "small-control-0");
    expect(kubeadm).toEqual([INIT]);
    expect([exitCode, sawCaKey]).toEqual([0, true]);
    expect(console).toContain("made the cluster");
  });

  test("index 0 of three gives a living cluster time to answer before it makes one", () => {
    const { kubeadm, calls } = boot(three, "spread-control-0");
    expect(kubeadm).toEqual([INIT]);
    expect(calls.filter((call) => call === "sleep 2")).toHaveLength(9);
  });

  test.each([
    ["at the endpoint", API],
    ["at a peer, when the endpoint is not up yet", "10.64.0.19:6443"],
  ])("index 0 joins the cluster that answers %s instead of making a second one", (_, endpoint) => {
    const { kubeadm, sawCaKey } = boot(three, "spread-control-0", { answering: [endpoint] });
    expect(kubeadm).toEqual([JOIN]);
    expect(sawCaKey).toBe(true);
  });

  test.each(["spread-control-1", "spread-control-2", "spread-batch-0"])(
    "%s never makes a cluster: it waits for the API and its token, then joins",
    (name) => {
      const { kubeadm, console, calls } = boot(three, name, { tokenAfter: 3 });
      expect(kubeadm).toEqual([JOIN]);
      expect(calls.filter((call) => call === "sleep 1")).toHaveLength(3);
      expect(console).toMatch(/waits for the Kubernetes API at 10\.64\.0\.2:6443[^]*joined the cluster/);
    },
  );

  test("a worker has no CA's key at hand when it joins", () => {
    expect(boot(three, "spread-batch-0").sawCaKey).toBe(false);
  });

  test("tries a failed join again, from a clean slate, and says what failed", () => {
    const { kubeadm, console, exitCode, sawCaKey } = boot(three, "spread-control-1", { failingJoins: 2 });
    expect(kubeadm).toEqual([JOIN, "reset --force", JOIN, "reset --force", JOIN]);
    expect(console).toContain("join failed: error: etcd is busy");
    expect([exitCode, sawCaKey]).toEqual([0, true]);
  });

  test("gives up at its deadline with the reason and kubelet's last words on the console", () => {
    const { kubeadm, console, exitCode } = boot(single, "small-batch-0", { tokenAfter: "never", deadlineSeconds: 1 });
    expect(kubeadm).toEqual([]);
    expect(exitCode).toBe(1);
    expect(console).toMatch(/GAVE UP: no API with our CA and our token at 10\.64\.0\.2:6443.*\nkubelet: last words/);
  });

  test("tries a failed init again from a clean slate until its deadline, with kubeadm's own words on the console", () => {
    const { kubeadm, console, exitCode } = boot(single, "small-control-0", { initFails: true, deadlineSeconds: 1 });
    expect(kubeadm.slice(0, 3)).toEqual([INIT, "reset --force", INIT]);
    expect(exitCode).toBe(1);
    expect(console).toMatch(/init failed: .*error: disk on fire/);
    expect(console).toContain("GAVE UP: kubeadm init failed until the deadline");
  });

  test("stops before kubeadm when containerd does not start", () => {
    const { kubeadm, console, exitCode } = boot(single, "small-batch-0", { containerdFails: true });
    expect([kubeadm, exitCode]).toEqual([[], 1]);
    expect(console).toContain("GAVE UP: containerd did not start");
  });

  test("stops before containerd when its kernel is not ready for a node, and gives that reason", () => {
    const { kubeadm, calls, console, exitCode } = boot(single, "small-batch-0", { kernelFails: true });
    expect([kubeadm, exitCode]).toEqual([[], 1]);
    expect(calls.filter((call) => call.includes("containerd"))).toEqual([]);
    expect(console).toContain("GAVE UP: the kernel is not ready for a node");
  });

  test("prepares the kernel, blocks the metadata service and starts containerd before kubeadm, and lets kubelet start at every boot", () => {
    const { calls } = boot(single, "small-batch-0");
    expect(calls.slice(0, 4)).toEqual([
      "systemctl daemon-reload",
      "systemctl enable --now atlas-site-kernel.service",
      "systemctl enable --now atlas-site-metadata.service containerd.service",
      "systemctl enable kubelet.service",
    ]);
  });

  test("passes on the preflight checks that its image says cannot pass there", () => {
    const { kubeadm } = boot(single, "small-control-0", { preflightIgnored: "SystemVerification,Swap" });
    expect(kubeadm).toEqual([`${INIT} --ignore-preflight-errors=SystemVerification,Swap`]);
  });
});
