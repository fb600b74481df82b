/** The lab's pilot, run by a real Python in a folder: it must find fault where a real pilot would. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pilotsStarter, type PilotWork } from "../../lab/site/pilotJob";

const FILES = [
  "atlas.cern.ch/repo/ATLASLocalRootBase/logDir/lastUpdate",
  "atlas-condb.cern.ch/repo/conditions/logDir/lastUpdate",
  "atlas-nightlies.cern.ch/repo/sw/logs/lastUpdate",
  "sft.cern.ch/lcg/lastUpdate",
  "sft-nightlies.cern.ch/lcg/lastUpdate",
  "unpacked.cern.ch/logDir/lastUpdate",
];
const USER = 10_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-pilot-"));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "scratch"));
  chmodSync(join(folder, "scratch"), 0o777);
  put("proxy", "a proxy");
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function repositories(): void {
  FILES.forEach((file) => put(`cvmfs/${file}`, `a date | a host | ${Math.floor(Date.now() / 1000) - 60}\n`));
}

/** Runs it with the pod's paths below the folder, as nobody in particular where the test itself is root. */
function pilot(
  change: Record<string, string | undefined> = {},
  edit = (text: string) => text,
  work: Record<number, PilotWork> = {},
) {
  const text = edit(pilotsStarter(0, work))
    .replaceAll('"/cvmfs"', JSON.stringify(join(folder, "cvmfs")))
    .replaceAll("/scratch/jobconfig", join(folder, "jobconfig"));
  const env = {
    PATH: process.env.PATH,
    computingSite: "Q",
    pandaQueueName: "Q",
    workerID: "7",
    HARVESTER_WORKER_ID: "7",
    K8S_JOB_ID: "grid-job-7",
    submit_mode: "PULL",
    TMPDIR: join(folder, "scratch"),
    proxySecretPath: join(folder, "proxy"),
    ...change,
  };
  const who = process.getuid?.() === 0 ? { uid: USER, gid: USER } : {};
  return spawnSync("/usr/bin/python3", ["-c", text], { encoding: "utf8", env, ...who });
}

describe("the lab's pilot", () => {
  test("ends well where everything is as a pilot needs it, and tells of every repository", () => {
    repositories();
    const done = pilot();
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).toMatch(/repositories: atlas\.cern\.ch 6\d s, .*unpacked\.cern\.ch 6\d s/);
  });

  test("ends well without CVMFS where none is mounted", () => {
    expect(pilot().stdout).toContain("repositories: none mounted");
  });

  test("fails on a repository that is not there", () => {
    repositories();
    rmSync(join(folder, "cvmfs/sft.cern.ch"), { recursive: true });
    const done = pilot();
    expect(done.status).toBe(1);
    expect(done.stderr).toContain("sft.cern.ch/lcg/lastUpdate");
  });

  test("fails on a repository it can write to", () => {
    repositories();
    chmodSync(join(folder, "cvmfs/sft.cern.ch"), 0o777);
    const done = pilot();
    expect([done.status, done.stderr]).toEqual([1, "a pilot can write to /cvmfs/sft.cern.ch\n"]);
  });

  test("in push mode fails without a job, and on another worker's", () => {
    const push = { submit_mode: "PUSH" };
    expect(pilot(push).stderr).toContain("pandaJobData.out");
    put("jobconfig/pandaJobData.out", "PandaID=8\n");
    expect(pilot(push).stderr).toContain("another worker's");
    put("jobconfig/pandaJobData.out", "PandaID=7\n");
    expect(pilot(push).status).toBe(0);
  });

  test("fails on what Harvester has not set", () => {
    expect(pilot({ K8S_JOB_ID: undefined }).stderr).toContain("missing in the environment: ['K8S_JOB_ID']");
  });

  test("computes as long as its order says and ends with its exit code; another worker's order is not its own", () => {
    const work = { 7: { processorSeconds: 0.5, memoryMb: 8, exitCode: 3 }, 8: { exitCode: 4 } };
    const begin = Date.now();
    const done = pilot({}, undefined, work);
    expect([done.status, done.stderr]).toEqual([3, ""]);
    expect(done.stdout).toContain("pilot 7 on");
    // Half a second on a processor takes at least as long by the clock.
    expect(Date.now() - begin).toBeGreaterThanOrEqual(500);
    expect(pilot({ workerID: "9", HARVESTER_WORKER_ID: "9" }, undefined, work).status).toBe(0);
  });

  test("fails as root", () => {
    expect(pilot({}, (text) => text.replace("os.getuid()", "0")).stderr).toBe("a pilot runs as root\n");
  });
});
