/** What of a drawn site decides everything else: machines, layout of the network, and which services there are. */
import fc from "fast-check";
import { BATCH_SHAPES, SMALL_SHAPES, type Shape } from "./clouds";

/** Offsets in the machine network of what has a place there, with the prefix of each block. */
export interface Layout {
  readonly prefix: number;
  readonly bastion: number;
  readonly control: readonly [number, number];
  readonly services: readonly [number, number];
  readonly second: readonly [number, number];
  readonly batch: readonly [number, number];
  readonly dynamic: readonly [number, number];
}

const small = { bastion: 8, control: [16, 28], services: [32, 28], second: [48, 28] } as const;
const LAYOUTS: readonly Layout[] = [
  { prefix: 24, ...small, batch: [64, 26], dynamic: [128, 25] },
  { prefix: 22, ...small, batch: [256, 24], dynamic: [768, 24] },
  { prefix: 20, ...small, batch: [512, 23], dynamic: [2048, 24] },
];

/** First addresses of machine networks, as numbers; none of them meets the pod and service networks below. */
const BASES = ["10.0.16.0", "10.71.0.0", "172.16.32.0", "172.20.48.0", "192.168.32.0", "100.64.16.0"];

const INSIDE = [
  {},
  { podCidr: "10.244.0.0/15", serviceCidr: "10.96.0.0/16" },
  { podCidr: "10.200.0.0/15", serviceCidr: "10.111.0.0/18" },
  { podCidr: "172.28.0.0/15", serviceCidr: "10.254.0.0/20" },
];

/** What of a site decides the others: drawn first. */
export const ground = fc.record({
  layout: fc.constantFrom(...LAYOUTS),
  base: fc.constantFrom(...BASES),
  inside: fc.constantFrom(...INSIDE),
  control: fc.constantFrom(1, 1, 3),
  services: fc.integer({ min: 1, max: 4 }),
  batch: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 9 }) },
    { weight: 1, arbitrary: fc.integer({ min: 10, max: 62 }) },
  ),
  second: fc.boolean(),
  shape: fc.constantFrom(...BATCH_SHAPES),
  secondShape: fc.constantFrom(...BATCH_SHAPES),
  servicesShape: fc.constantFrom(...SMALL_SHAPES.filter(({ vcpus, diskGb }) => vcpus >= 4 && diskGb >= 80)),
  controlShape: fc.constantFrom(...SMALL_SHAPES.filter(({ vcpus }) => vcpus >= 2)),
  cvmfs: fc.constantFrom("none", "host", "host", "csi"),
  storage: fc.constantFrom("local", "cinder", "existing"),
  squids: fc.integer({ min: 1, max: 3 }),
  monitored: fc.boolean(),
  inCluster: fc.boolean(),
});
export type Ground = typeof ground extends fc.Arbitrary<infer T> ? T : never;

/** MB of the client cache and of each core's scratch that a machine's disk has room for. */
export function disk(shape: Shape): { cacheQuotaMb: number; scratchMb: number } {
  const room = shape.diskGb * 900 - 12_000;
  const cacheQuotaMb = Math.max(1000, Math.min(20_000, Math.floor(room * 0.25)));
  return { cacheQuotaMb, scratchMb: Math.max(500, Math.floor((room - cacheQuotaMb * 1.3) / shape.vcpus / 1.5)) };
}

/** Without keys that have no value, as a person writes a file. */
export function written<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
