/** What the examples of cross-checks are made of. */

/** A check, what is changed in the small site to fail it, what it then says, and a change just short of that. */
export interface Example {
  readonly check: string;
  readonly fails: Readonly<Record<string, unknown>>;
  readonly says: readonly string[];
  readonly passes: Readonly<Record<string, unknown>>;
}

export const flavor = { name: "m1", vcpus: 2, ramMb: 4096, diskGb: 20 };
export const bastion = {
  flavor,
  image: { id: "6f1c8a52-3f0e-4d7b-9a41-0c5d2e7b9f10" },
  address: "10.64.0.8",
  allowedCidrs: ["192.0.2.0/24"],
};
export const pool = { role: "services", count: 1, flavor, addresses: "10.64.2.0/28" };
export const queue = { namespace: "other", pool: "batch", largestJob: { cores: 1, memoryMb: 2000 } };
