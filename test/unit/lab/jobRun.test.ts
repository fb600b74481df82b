/** The run's plan: what the issue asks to be shown is in it, and no two jobs could be mistaken for one another. */
import { describe, expect, it } from "vitest";
import { FAILURE, planRun } from "../../lab/site/jobRun";
import type { PilotOrder } from "../../lab/site/pilotJob";

const base: PilotOrder = {
  queue: "Q",
  namespace: "harvester",
  template: "",
  cric: { corecount: 8, maxwdir: 1000, params: { "k8s.namespace": "harvester" } },
  mode: "PULL",
  workers: [],
};

describe("the run of jobs", () => {
  const { order, failing, outgrowing } = planRun(base);
  const work = order.work ?? {};

  it("is twenty jobs of 1 and 8 cores, more than two nodes of 16 hold", () => {
    const cores = order.workers.map((worker) => worker.cores);
    expect([cores.length, cores.filter((one) => one === 8).length]).toEqual([20, 4]);
    expect(cores.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(32);
    expect(new Set(order.workers.map(({ workerId }) => workerId)).size).toBe(20);
  });

  it("has one that fails and one that outgrows a memory limit, both small", () => {
    const of = (id: number) => order.workers.find(({ workerId }) => workerId === id);
    expect(Object.values(work).filter(({ exitCode }) => exitCode !== undefined)).toHaveLength(1);
    expect(work[failing].exitCode).toBe(FAILURE);
    expect(work[outgrowing].memoryMb).toBeGreaterThan(of(outgrowing)?.memoryMb ?? Infinity);
    expect(order.cric.params).toMatchObject({
      "k8s.namespace": "harvester",
      "k8s.resources.limits.use_memory_limit": true,
    });
  });

  it("has some that work, and no two that stay equally long", () => {
    const stays = Object.values(work).map(({ seconds }) => seconds);
    expect(Object.values(work).filter(({ processorSeconds = 0 }) => processorSeconds > 0).length).toBeGreaterThan(3);
    expect(new Set(stays).size).toBeGreaterThan(17);
  });
});
