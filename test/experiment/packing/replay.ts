/**
 * The same jobs on an ideal scheduler, offline, in two ways. Where running jobs may move between nodes, packing is solved exactly:
 * at every moment as many large jobs run as fit beside the 1-core jobs, which is the bound. Where each job is placed at once, on
 * the fullest node, and stays there, what is missing to the bound is the draining that no batch system avoids.
 */
import type { Workload } from "./workload";

/** The nodes of a site, all alike. */
export interface Shape {
  readonly nodes: number;
  /** 1-core jobs that an empty node holds. */
  readonly slots: number;
  /** Cores of a large job; it takes as many slots. */
  readonly large: number;
}

/** What runs from a time on. */
export interface Step {
  /** Hours of the site's time. */
  readonly at: number;
  /** Running 1-core jobs. */
  readonly ones: number;
  /** Running large jobs. */
  readonly larges: number;
  /** 1-core jobs that wait. */
  readonly waiting: number;
}

/** Whether jobs may be moved while they run. */
export type Moving = "movable" | "fixed";

/**
 * Large jobs that fit beside so many 1-core jobs, packed as well as possible. Exact, because the size of a large job is a
 * multiple of that of a small one: the 1-core jobs go where no large job fits first, then fill the room of one large job after another.
 */
export function mostLarges({ nodes, slots, large }: Shape, ones: number): number {
  const perNode = Math.floor(slots / large);
  const besides = nodes * (slots - perNode * large);
  const blocked = Math.ceil(Math.max(0, ones - besides) / large);
  return Math.max(0, nodes * perNode - blocked);
}

/** Cores of jobs that a site of this shape runs at most: whole nodes of large jobs, and what is left of each for small ones. */
export function jobCores({ nodes, slots }: Shape): number {
  return nodes * slots;
}

interface Running {
  readonly endsAt: number;
  readonly node: number;
  readonly cores: number;
}

/** A queue of running jobs by their end: a binary heap. */
class Ends {
  private readonly heap: Running[] = [];

  get first(): Running | undefined {
    return this.heap[0];
  }

  push(job: Running): void {
    const { heap } = this;
    let at = heap.push(job) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && heap[parent].endsAt > job.endsAt; parent = (at - 1) >> 1) {
      [heap[at], heap[parent]] = [heap[parent], heap[at]];
      at = parent;
    }
  }

  pop(): Running {
    const { heap } = this;
    const [top] = heap;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return top;
  }

  private sink(): void {
    const { heap } = this;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && heap[left].endsAt < heap[least].endsAt) least = left;
      if (right < heap.length && heap[right].endsAt < heap[least].endsAt) least = right;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least], heap[at]];
      at = least;
    }
  }
}

/**
 * Runs a workload: 1-core jobs start as soon as they fit, large jobs take what is left.
 * @param endHours when to stop
 */
export function replay(work: Workload, shape: Shape, moving: Moving, endHours: number): Step[] {
  const free = new Array<number>(shape.nodes).fill(shape.slots);
  const ends = new Ends();
  const steps: Step[] = [];
  let [ones, larges, started, arrived, startedOnes] = [0, 0, 0, 0, 0];
  /** A node for a job, or -1; of jobs that may move it is of no account which one. */
  const room = (cores: number): number => {
    if (moving === "movable") {
      const fits = cores === 1 ? larges <= mostLarges(shape, ones + 1) : larges < mostLarges(shape, ones);
      // Without large jobs a 1-core job may still find no slot.
      return fits && ones + 1 <= jobCores(shape) ? 0 : -1;
    }
    let best = -1;
    free.forEach((slots, node) => {
      if (slots >= cores && (best < 0 || slots < free[best])) best = node;
    });
    return best;
  };
  const start = (now: number, node: number, cores: number, hours: number) => {
    free[node] -= cores;
    ends.push({ endsAt: now + hours, node, cores });
  };
  for (let now = 0; now < endHours;) {
    while (arrived < work.ones.length && work.ones[arrived].arrivesAt <= now) arrived += 1;
    while ((ends.first?.endsAt ?? Infinity) <= now) {
      const { node, cores } = ends.pop();
      free[node] += cores;
      if (cores === 1) ones -= 1;
      else larges -= 1;
    }
    for (let node = -1; startedOnes < arrived && (node = room(1)) >= 0; startedOnes += 1, ones += 1) {
      start(now, node, 1, work.ones[startedOnes].hours);
    }
    for (let node = -1; (node = room(shape.large)) >= 0; started += 1, larges += 1) {
      start(now, node, shape.large, work.largeHours(started));
    }
    steps.push({ at: now, ones, larges, waiting: arrived - startedOnes });
    now = Math.min(ends.first?.endsAt ?? Infinity, work.ones[arrived]?.arrivesAt ?? Infinity, endHours);
  }
  return steps;
}
