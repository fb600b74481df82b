/** What a Harvester inside the cluster is started and looked at by, run by a real bash in a folder. */
import { serviceSite } from "../../support/componentArgs";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serviceFiles } from "../../../components/harvester/serviceConfiguration";
import { LIVE_LOG, STATE } from "../../../components/harvester/servicePlan";
import { servicePodSpec } from "../../../components/harvester/servicePod";
import { bashProblem } from "../../support/bootMachine";
import { inCluster } from "./harvesterSite";

describe("the probes", () => {
  type Probe = { exec: { command: string[] } };
  const { startupProbe, readinessProbe, livenessProbe } = servicePodSpec(serviceSite(inCluster()))
    .containers[0] as unknown as Record<"startupProbe" | "readinessProbe" | "livenessProbe", Probe>;

  /** Exit codes of the three probes when log and start are of these ages in minutes. */
  function probes(ages: { log?: number; started: number }): boolean[] {
    const folder = mkdtempSync(join(tmpdir(), "harvester-state-"));
    const put = (path: string, minutes: number) => {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, "");
      const time = Date.now() / 1000 - minutes * 60;
      utimesSync(path, time, time);
    };
    put(join(folder, "started"), ages.started);
    if (ages.log !== undefined) {
      put(join(folder, LIVE_LOG.slice(STATE.length)), ages.log);
    }
    const good = [startupProbe, readinessProbe, livenessProbe].map(({ exec }) => {
      const [command, ...args] = exec.command.map((word) => word.replaceAll(STATE, folder));
      return spawnSync(command, args, { stdio: "ignore" }).status === 0;
    });
    rmSync(folder, { recursive: true });
    return good;
  }

  test.each([
    ["before the log is there", { started: 0 }, [false, false, false]],
    ["while only the log of the run before is there", { started: 1, log: 3 }, [false, true, true]],
    ["when it works", { started: 30, log: 0 }, [true, true, true]],
    ["when its agents have said nothing for ten minutes", { started: 30, log: 10 }, [true, false, true]],
    ["when they have said nothing for half an hour", { started: 60, log: 30 }, [true, false, false]],
  ])("%s", (_, ages, expected) => {
    expect(probes(ages)).toEqual(expected);
  });
});

test("the start script makes the folders and starts Harvester with its library's path", () => {
  const text = serviceFiles(serviceSite(inCluster()))["start.sh"];
  expect(bashProblem(text)).toBe("");
  const folder = mkdtempSync(join(tmpdir(), "harvester-start-"));
  mkdirSync(join(folder, "opt/bin"), { recursive: true });
  writeFileSync(
    join(folder, "opt/bin/python"),
    '#!/bin/sh\n[ "$1" = -c ] && echo /site-packages || echo "$$ $PYTHONPATH $@"\n',
  );
  chmodSync(join(folder, "opt/bin/python"), 0o755);
  const script = text.replaceAll(STATE, join(folder, "state")).replaceAll("/opt/harvester", join(folder, "opt"));
  // Of our own environment it gets nothing more: neither a locale that is not there nor somebody's PYTHONPATH.
  const env = { PATH: process.env.PATH };
  const done = spawnSync("/bin/bash", ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env });
  expect(done.stderr).toBe("");
  const [, ...rest] = done.stdout.trim().split(" ");
  expect(rest.join(" ")).toBe(
    "/site-packages/pandacommon:/site-packages -m pandaharvester.harvesterbody.master --foreground",
  );
  rmSync(folder, { recursive: true });
});

test.each(["USR2", "TERM"])(
  "the container ends after SIG%s, though Harvester ends by a SIGKILL to itself",
  (signal) => {
    const folder = mkdtempSync(join(tmpdir(), "harvester-stop-"));
    mkdirSync(join(folder, "opt/bin"), { recursive: true });
    // As Harvester 0.7.5: on either signal it kills itself, which the kernel does not do to process 1.
    const harvester = `#!/bin/bash
[ "$1" = -c ] && { echo /site-packages; exit; }
trap 'kill -KILL $$' USR2 TERM
kill -${signal} 1
while :; do sleep 0.1; done
`;
    writeFileSync(join(folder, "opt/bin/python"), harvester);
    chmodSync(join(folder, "opt/bin/python"), 0o755);
    const text = serviceFiles(serviceSite(inCluster()))["start.sh"];
    const script = text.replaceAll(STATE, join(folder, "state")).replaceAll("/opt/harvester", join(folder, "opt"));
    // A process namespace of its own, in which the script is process 1 as in its container.
    const space = ["--map-root-user", "--pid", "--fork", "--kill-child", "/bin/bash", "-c", script];
    const done = spawnSync("unshare", space, { encoding: "utf8", timeout: 20_000, killSignal: "SIGKILL" });
    rmSync(folder, { recursive: true });
    expect([done.signal, done.status]).toEqual([null, 137]);
  },
);
