/** The lab's pilots: what is asked of the Harvester double, and what a pilot there does. */
import { pilotImage } from "../../images/catalogue";
import type { CricQueue, Worker } from "./harvesterJob";

/** What one pilot does, beside being there for a while. */
export interface PilotWork {
  /** Time on a processor, by the process's own clock, in seconds; default: a moment. */
  readonly processorSeconds?: number;
  /** Memory it fills, in MiB; beyond its limit the kernel ends it. Default: none worth a word. */
  readonly memoryMb?: number;
  /** How long it stays, in seconds; default: as the order says. */
  readonly seconds?: number;
  /** Exit code at its end; default 0. */
  readonly exitCode?: number;
}

/** Pilots that the Harvester double is to submit, and what it is to do with them. */
export interface PilotOrder {
  /** PanDA queue. */
  readonly queue: string;
  readonly namespace: string;
  /** The site's own job template of the queue, a YAML text. */
  readonly template: string;
  /** The queue's parameters in CRIC. */
  readonly cric: CricQueue;
  readonly mode: "PULL" | "PUSH";
  readonly workers: readonly Worker[];
  /** How long each pilot computes, in seconds; default: a moment. */
  readonly seconds?: number;
  /** By worker, what it does; who is not named computes for a moment and waits. */
  readonly work?: Readonly<Record<number, PilotWork>>;
  /** Workers that are killed once they run. */
  readonly kill?: readonly number[];
  /** Workers whose pod is deleted as one that hangs, once it runs. */
  readonly stuck?: readonly number[];
  /** True: only submit, and report what there is. */
  readonly leave?: boolean;
  /** True: clear everything away at the end, as Harvester does days later. */
  readonly sweep?: boolean;
}

/** What ATLAS' pilot wrapper looks at in each repository; the last field of each file is the time it was written. */
const FRESHNESS_FILES = {
  "atlas.cern.ch": "repo/ATLASLocalRootBase/logDir/lastUpdate",
  "atlas-condb.cern.ch": "repo/conditions/logDir/lastUpdate",
  "atlas-nightlies.cern.ch": "repo/sw/logs/lastUpdate",
  "sft.cern.ch": "lcg/lastUpdate",
  "sft-nightlies.cern.ch": "lcg/lastUpdate",
  "unpacked.cern.ch": "logDir/lastUpdate",
};

/** Image of the lab's pilot: a shell and Python, made by the lab; it stands in for the ATLAS grid image. */
export const PILOT_IMAGE = pilotImage;

/**
 * What the lab's pilot does: a stand-in for the real start-up script, which fetches a wrapper from CVMFS. It looks at
 * everything the Job gave it, reads every repository it sees and computes for a while. Anything that is not as a pilot
 * needs it, or that a pilot must not be able to do, ends it with a message.
 * @param seconds how long it stays
 * @param work by worker, what it does beside
 */
export function pilotsStarter(seconds = 0, work: Readonly<Record<number, PilotWork>> = {}): string {
  return `import hashlib, json, os, sys, time
WORK = json.loads('''${JSON.stringify(work)}''').get(os.environ.get("workerID"), {})
SECONDS = WORK.get("seconds", ${seconds})
FRESHNESS = json.loads('''${JSON.stringify(FRESHNESS_FILES)}''')
need = ["computingSite", "pandaQueueName", "workerID", "HARVESTER_WORKER_ID", "TMPDIR", "proxySecretPath", "K8S_JOB_ID"]
missing = [name for name in need if name not in os.environ]
if missing:
    sys.exit("missing in the environment: %s" % missing)
if os.getuid() == 0:
    sys.exit("a pilot runs as root")
if os.path.exists("/var/run/secrets/kubernetes.io/serviceaccount/token"):
    sys.exit("a pilot has a token of the Kubernetes API")
proxy = open(os.environ["proxySecretPath"]).read()
if os.environ["submit_mode"] == "PUSH":
    job = open("/scratch/jobconfig/pandaJobData.out").read()
    if os.environ["workerID"] not in job:
        sys.exit("the job brought by Harvester is another worker's")
seen = []
if os.path.isdir("/cvmfs"):
    for repository, path in FRESHNESS.items():
        whole = os.path.join("/cvmfs", repository, path)
        age = time.time() - int(open(whole).read().split("|")[-1])
        seen.append("%s %d s" % (repository, age))
        try:
            open(os.path.join("/cvmfs", repository, "written-by-a-pilot"), "w")
        except OSError:
            pass
        else:
            sys.exit("a pilot can write to /cvmfs/%s" % repository)
scratch = os.path.join(os.environ["TMPDIR"], "payload")
end = time.time() + SECONDS
with open(scratch, "w") as out:
    digest = b""
    for _ in range(20000):
        digest = hashlib.sha256(digest + proxy.encode()).digest()
    while time.process_time() < WORK.get("processorSeconds", 0):
        digest = hashlib.sha256(digest).digest()
    out.write(digest.hex())
# A byte of every page is written, else the kernel gives none of them.
held = [bytearray(b"x" * (1 << 20)) for _ in range(WORK.get("memoryMb", 0))]
# The rest of the time is slept: what a payload would do with the processor, a small lab has not got for every pilot.
time.sleep(max(0, end - time.time()))
print("pilot", os.environ["workerID"], "on", os.environ.get("PANDA_HOSTNAME"), "payload", open(scratch).read()[:16])
print("repositories:", ", ".join(seen) or "none mounted")
sys.exit(WORK.get("exitCode", 0))
`;
}
