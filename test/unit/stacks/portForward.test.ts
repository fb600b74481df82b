/** The way to a pod's port, by stand-ins for kubectl: scripts that say what kubectl says. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withPortForward } from "../../../stacks/site/commands/portForward";

const target = { namespace: "watched", pod: "prometheus-0", port: 9090 };

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "port-forward-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that notes its arguments and process, and then does what the script says. */
function standIn(script: string): string {
  const path = join(folder, "kubectl");
  writeFileSync(path, `#!/bin/sh\necho "$@" > ${folder}/arguments\necho $$ > ${folder}/pid\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Whether the stand-in's process is there. */
function alive(): boolean {
  return existsSync(`/proc/${readFileSync(join(folder, "pid"), "utf8").trim()}`);
}

describe("a way to a pod's port", () => {
  const open = 'echo "Forwarding from 127.0.0.1:43210 -> 9090"; exec sleep 60';

  test("is the port kubectl names, open while it is used and closed afterwards", async () => {
    const kubectl = standIn(open);
    const got = await withPortForward("/a/kubeconfig", target, (port) => Promise.resolve([port, alive()]), { kubectl });
    expect(got).toEqual([43210, true]);
    expect(alive()).toBe(false);
    expect(readFileSync(join(folder, "arguments"), "utf8").trim()).toBe(
      "--kubeconfig /a/kubeconfig port-forward --namespace watched --address 127.0.0.1 pod/prometheus-0 :9090",
    );
  });

  test("is closed as well when its use fails", async () => {
    const use = () => Promise.reject(new Error("of no use"));
    await expect(withPortForward("k", target, use, { kubectl: standIn(open) })).rejects.toThrow("of no use");
    expect(alive()).toBe(false);
  });

  test("that kubectl refuses is told in its words", async () => {
    const kubectl = standIn('echo "pods is forbidden" >&2; exit 1');
    await expect(withPortForward("k", target, () => Promise.resolve(), { kubectl })).rejects.toThrow(
      "no way to port 9090 of pod prometheus-0 in namespace watched: kubectl ended with 1; it said: pods is forbidden",
    );
  });

  test("that never opens ends at the deadline, and the process with it", async () => {
    const kubectl = standIn("echo waiting; exec sleep 60");
    const options = { kubectl, seconds: 0.5 };
    await expect(withPortForward("k", target, () => Promise.resolve(), options)).rejects.toThrow(
      "kubectl opened none in 0.5 s; it said: waiting",
    );
    expect(alive()).toBe(false);
  });

  test("without kubectl says what to install", async () => {
    const options = { kubectl: join(folder, "no-kubectl") };
    await expect(withPortForward("k", target, () => Promise.resolve(), options)).rejects.toThrow(
      /there is no program .*no-kubectl; install it and have it in PATH/,
    );
  });
});
