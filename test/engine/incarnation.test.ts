/**
 * A cluster that starts empty again, in the real engine with the real kubernetes plugin, which here writes its objects to
 * a folder instead of a cluster. That stands in for the cluster only; what the engine asks of the plugin is what it would
 * ask for a real one, and is read from its record of calls.
 */
import { queueArgs } from "../support/componentArgs";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCluster, type Cluster } from "../../components/cluster/Cluster";
import { PodNetwork } from "../../components/network/PodNetwork";
import { QueueNamespace } from "../../components/security/QueueNamespace";
import { Engine } from "../support/engine";
import { site } from "../support/sites";

const MINUTE = 60_000;

let engine: Engine;
let stack: Stack;
let generation = 1;

const calls = () => join(engine.folder, "calls.json");
const manifests = () => join(engine.folder, "manifests");

/** The cluster's objects as index.ts declares them, on a cluster that has an incarnation and a plugin, and no machines. */
function program() {
  const identifier = `small-${generation}`;
  const incarnation = new pulumi.Stash(
    "cluster-incarnation",
    { input: identifier },
    { replacementTrigger: generation },
  );
  const provider = new k8s.Provider("cluster", {
    renderYamlToDirectory: manifests(),
    clusterIdentifier: identifier,
  });
  const cluster: Pick<Cluster, "incarnation" | "provider"> = { incarnation, provider };
  const options = () => inCluster(cluster as Cluster);
  new PodNetwork("network", { network: site("small").network }, options());
  new QueueNamespace("harvester", queueArgs(site("small"), "TEST-K8S"), options());
  return {};
}

interface Call {
  method: string;
  request?: { urn?: string };
}

/** Calls of a plugin since the last look, as `Create <name>`. */
function pluginCalls(method: string): string[] {
  const lines = readFileSync(calls(), "utf8").split("\n").filter(Boolean);
  const made = lines.map((line) => JSON.parse(line) as Call & { metadata?: { kind?: string } });
  return made
    .filter(
      (call) => call.method === `/pulumirpc.ResourceProvider/${method}` && call.request?.urn?.includes("kubernetes:"),
    )
    .map((call) => call.request?.urn ?? "")
    .sort();
}

function files(): string[] {
  return readdirSync(manifests(), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .sort();
}

async function up(): Promise<Record<string, number>> {
  rmSync(calls(), { force: true });
  return (await stack.up()).summary.resourceChanges as Record<string, number>;
}

beforeAll(async () => {
  engine = await Engine.open(["kubernetes"]);
  const workDir = join(engine.folder, "inline");
  mkdirSync(workDir);
  process.env.PATH = engine.environment.PATH;
  stack = await LocalWorkspace.createStack(
    { stackName: "incarnation", projectName: "atlas-site", program: () => Promise.resolve(program()) },
    { workDir, envVars: { ...engine.environment, PULUMI_DEBUG_GRPC: calls() }, secretsProvider: "passphrase" },
  );
}, 60 * MINUTE);

afterAll(() => engine.close());

describe.sequential("a cluster's objects", () => {
  let first: string[];
  let created: string[];

  test(
    "are made once, and a second up asks the plugin for nothing",
    async () => {
      await up();
      created = [...new Set(pluginCalls("Create"))];
      first = files();
      expect(first.length).toBeGreaterThan(8);
      expect(created).toHaveLength(first.length);
      const { same, ...others } = await up();
      expect(others).toEqual({});
      expect(same).toBeGreaterThan(first.length);
      expect(pluginCalls("Delete")).toEqual([]);
    },
    3 * MINUTE,
  );

  test(
    "are all made again in a new incarnation, and not one delete reaches the plugin",
    async () => {
      generation = 2;
      await up();
      expect([...new Set(pluginCalls("Create"))]).toEqual(created);
      expect(pluginCalls("Delete")).toEqual([]);
      expect(files()).toEqual(first);
    },
    MINUTE,
  );

  test(
    "go with the cluster when the site is torn down: nobody is asked to delete them one by one",
    async () => {
      rmSync(calls(), { force: true });
      await stack.destroy();
      expect(pluginCalls("Delete")).toEqual([]);
      expect((await stack.exportStack()).deployment.resources ?? []).toEqual([]);
    },
    MINUTE,
  );
});
