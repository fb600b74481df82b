/** The probe on a node that can read its cache and fetch nothing new: what it notices, what it forgives, and its way back. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeClusterCas, type KeyPair } from "../../../components/cluster/pki";
import { UNREADY_TAINT } from "../../../components/cvmfs/names";
import { probeFiles, probeSettings } from "../../../components/cvmfs/probeProgram";
import { cvmfsSchema } from "../../../stacks/site/schema/cvmfs";
import type { HostCvmfs } from "../../../stacks/site/site";
import { ProbeRun } from "../../support/probeRun";

const settings = {
  ...probeSettings(
    cvmfsSchema.parse({ mode: "host", repositories: ["atlas.cern.ch", "sft.cern.ch"] }) as HostCvmfs,
    false,
  ),
  periodSeconds: 0.1,
  timeoutSeconds: 60,
  fetchSeconds: 1,
};

/**
 * Stands in for the read of a file through a client: `network` beside it says whether what is not cached can be had; what was
 * read once is cached. Each call is noted.
 */
const CLIENT = `import os, sys, time
here = os.path.dirname(os.path.abspath(__file__))
state = open(os.path.join(here, 'network')).read()
cache = os.path.join(here, 'cache')
path = sys.argv[3] if len(sys.argv) > 3 else sys.argv[1] + '/' + sys.argv[2]
with open(os.path.join(here, 'fetched'), 'a') as notes:
    notes.write(path + '\\n')
cached = path in (open(cache).read().split() if os.path.exists(cache) else [])
if state == 'hung' and not cached:
    time.sleep(600)
if state == 'damaged' and not os.path.exists(os.path.join(here, 'bad')):
    open(os.path.join(here, 'bad'), 'w').write(path)
if not cached and (state == 'down' or (state == 'damaged' and path == open(os.path.join(here, 'bad')).read())):
    print('failed %s: Input/output error' % path)
else:
    open(cache, 'a').write(path + '\\n')
    print('ok ' + path)
`;

let ca: KeyPair;
let run: ProbeRun;
const network = (state: string) => writeFileSync(join(run.program, "network"), state);
const fetched = () => readFileSync(join(run.program, "fetched"), "utf8").split("\n").filter(Boolean);

beforeAll(async () => {
  ca = (await makeClusterCas("probe")).cluster;
});

beforeEach(() => {
  run = new ProbeRun(settings, ca);
  writeFileSync(join(run.program, "fetch.py"), CLIENT);
  network("up");
});

afterEach(() => run.end());

async function startFetching(): Promise<void> {
  await run.start([]);
  await run.until("both repositories were fetched from", async () => {
    return (await run.metric("fetch_up", "atlas.cern.ch")) === 1 && (await run.metric("fetch_up", "sft.cern.ch")) === 1;
  });
}

describe("the probe", { timeout: 90_000 }, () => {
  test("taints a node that reads only its cache, while every cached file answers, and frees it once a file comes again", async () => {
    await startFetching();
    expect(run.api.taints()).toEqual([]);
    network("down");
    await run.until("the node is tainted", () => run.api.taints().join() === UNREADY_TAINT.key);
    expect(run.said).toContain("NOTHING NEW CAN BE FETCHED");
    expect(await run.metric("repository_up", "atlas.cern.ch")).toBe(1);
    await run.until("both show it", async () => {
      const both = [await run.metric("fetch_up", "atlas.cern.ch"), await run.metric("fetch_up", "sft.cern.ch")];
      return both.join() === "0,0";
    });
    network("up");
    await run.until("the node is free again", () => run.api.taints().length === 0);
    expect(await run.metric("fetch_up", "atlas.cern.ch")).toBe(1);
    expect(run.said).toContain("can be fetched again");
  });

  test("stays tainted while only files of the cache can be read, however many", async () => {
    await startFetching();
    network("down");
    await run.until("the node is tainted", () => run.api.taints().length === 1);
    const before = fetched().length;
    await run.until("twenty more reads", () => fetched().length > before + 20);
    expect(run.api.taints()).toEqual([UNREADY_TAINT.key]);
    // Of what failed: those files alone are known not to be in the cache.
    const last = fetched().slice(-10);
    expect(new Set(last).size).toBeLessThanOrEqual(10);
    last.forEach((path) => expect(fetched().filter((one) => one === path).length).toBeGreaterThan(1));
  });

  test("does not taint a node for one file that is damaged on the servers", async () => {
    await startFetching();
    network("damaged");
    await run.until("a file failed", () => run.said.includes("one file could not be fetched"));
    const before = fetched().length;
    await run.until("ten more reads", () => fetched().length > before + 10);
    expect(run.api.taints()).toEqual([]);
    expect(await run.metric("fetch_up", "atlas.cern.ch")).toBe(1);
    expect(await run.metric("fetch_up", "sft.cern.ch")).toBe(1);
  });

  test("counts a read without an end as failed, and goes on with its rounds meanwhile", async () => {
    const program = join(run.program, "fetching.py");
    const text = readFileSync(program, "utf8");
    expect(text).toContain("TIMEOUT_SECONDS = 60.0");
    writeFileSync(program, text.replace("TIMEOUT_SECONDS = 60.0", "TIMEOUT_SECONDS = 1.0"));
    await startFetching();
    network("hung");
    await run.roundsPass(5);
    await run.until("the node is tainted", () => run.api.taints().length === 1);
    expect(run.said).toContain("NOTHING NEW CAN BE FETCHED: no answer in 1 s");
    network("up");
    await run.until("the node is free again", () => run.api.taints().length === 0);
  });
});

test("an error of any reader, by the client's count, has the probe fetch out of turn", () => {
  const program = [
    "import types, fetching",
    "one = types.SimpleNamespace(name='x', root='/x', io_errors=3)",
    "judge = fetching.Fetching(one, 1e9, 0, print)",
    "print(judge._due(), judge._due())",
    "one.io_errors = 4",
    "print(judge._due(), judge._due())",
    "one.io_errors = None",
    "print(judge._due())",
    "one.io_errors = 4",
    "print(judge._due())",
  ];
  const folder = mkdtempSync(join(tmpdir(), "probe-due-"));
  for (const [name, text] of Object.entries(probeFiles())) writeFileSync(join(folder, name), text);
  const done = spawnSync("python3", ["-B", "-c", program.join("\n")], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, PYTHONPATH: folder },
  });
  rmSync(folder, { recursive: true });
  expect(done.stdout + done.stderr).toBe("True False\nTrue False\nFalse\nFalse\n");
});

describe("the file that is read", () => {
  let folder: string;

  function fetchOne(seed: string, ...file: string[]): string {
    const program = join(folder, "fetch.py");
    writeFileSync(program, probeFiles()["fetch.py"]);
    const done = spawnSync("python3", ["-I", "-S", program, join(folder, "repository"), seed, ...file], {
      encoding: "utf8",
    });
    expect(done.stderr).toBe("");
    return done.stdout.trim();
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "probe-fetch-"));
    for (let i = 0; i < 40; i++) {
      mkdirSync(join(folder, "repository", `d${i % 8}`, `e${i % 3}`), { recursive: true });
      writeFileSync(join(folder, "repository", `d${i % 8}`, `e${i % 3}`, `f${i}`), "x");
    }
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test("is the same on every node for a seed, and mostly another for the next", () => {
    const files = Array.from({ length: 20 }, (_, seed) => fetchOne(String(seed)));
    files.forEach((line) => expect(line).toMatch(/^ok .*\/d\d\/e\d\/f\d+$/));
    expect(files.slice(0, 5)).toEqual(Array.from({ length: 5 }, (_, seed) => fetchOne(String(seed))));
    expect(new Set(files).size).toBeGreaterThan(8);
  });

  test("is no link, no hidden file and none of more than 64 KiB; where there is no other, nothing is wrong", () => {
    rmSync(join(folder, "repository"), { recursive: true });
    mkdirSync(join(folder, "repository"));
    symlinkSync("/etc/hostname", join(folder, "repository", "link"));
    writeFileSync(join(folder, "repository", ".hidden"), "x");
    writeFileSync(join(folder, "repository", "large"), "x".repeat(70_000));
    expect(fetchOne("1")).toBe("none");
  });

  test("that gives an input/output error failed, and one that is gone did not", () => {
    expect(fetchOne("1", "/proc/self/mem")).toBe("failed /proc/self/mem: Input/output error");
    expect(fetchOne("1", join(folder, "gone"))).toMatch(/^ok /);
  });
});
