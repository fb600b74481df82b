/**
 * One operation on a site at a time: a Lease in the cluster that its command renews while it works, and that holds what the
 * operation wants. A command that was killed leaves it behind, and the same command takes it up again.
 */
import { hostname, userInfo } from "node:os";
import { ProgramError, type Kubectl } from "./client";
import type { Intent } from "./decide";
import { OPERATION_ANNOTATION } from "./facts";

/** Name of the Lease, in namespace kube-system. */
export const OPERATION_LEASE = "atlas-site-operation";

const NAMESPACE = "kube-system";
/** Without a renewal for so long, its command has been killed. */
const LEASE_SECONDS = 60;
const RENEW_MS = 15_000;

interface LeaseObject {
  readonly apiVersion: "coordination.k8s.io/v1";
  readonly kind: "Lease";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly holderIdentity: string;
    readonly leaseDurationSeconds: number;
    readonly renewTime: string;
  };
}

/** Who runs this command, as `user@host`. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** Intent of the operation that was begun and not ended; undefined: none was. */
export async function unfinishedOperation(kubectl: Kubectl): Promise<Intent | undefined> {
  return intentOf(await read(kubectl));
}

/**
 * Runs an operation under the Lease; takes up an unfinished one of the same kind and machine with what that one had noted.
 * @param intent of a new operation
 * @param work gets the intent that holds: the noted one where there is one
 * @throws Error when another operation is at work or unfinished, and says what to do
 */
export async function underLease<T>(
  kubectl: Kubectl,
  intent: Intent,
  work: (intent: Intent) => Promise<T>,
): Promise<T> {
  const holder = `${operator()}/${process.pid}`;
  const held = await read(kubectl);
  const noted = intentOf(held);
  if (held !== undefined && isFresh(held)) {
    throw new Error(
      `${held.spec.holderIdentity} is at work on this site (${describe(noted)}). Wait for its end; ` +
        `if it was killed, repeat this command in ${LEASE_SECONDS} s`,
    );
  }
  if (noted !== undefined && (noted.kind !== intent.kind || noted.machine !== intent.machine)) {
    throw new Error(
      `an operation is unfinished: ${describe(noted)}. First finish it: npm run site -- ${noted.kind} STACK ${noted.machine}; ` +
        `or give it up: npm run site -- drain STACK ${noted.machine} --cancel`,
    );
  }
  // What an interrupted one had noted stays true; what the administrator now allows beyond it holds from here on.
  const goal =
    noted === undefined
      ? intent
      : {
          ...noted,
          dead: noted.dead || intent.dead,
          evictJobs: noted.evictJobs || intent.evictJobs,
          loseVolumes: noted.loseVolumes || intent.loseVolumes,
        };
  await write(kubectl, goal, holder, held?.metadata.resourceVersion);
  const renewing = setInterval(() => void renew(kubectl, goal, holder).catch(() => undefined), RENEW_MS);
  try {
    return await work(goal);
  } finally {
    clearInterval(renewing);
  }
}

/** Takes the Lease away: the operation has ended. */
export async function endOperation(kubectl: Kubectl): Promise<void> {
  await kubectl.run(["delete", "lease", OPERATION_LEASE, "-n", NAMESPACE, "--ignore-not-found"]);
}

function describe(intent: Intent | undefined): string {
  return intent === undefined
    ? "it noted nothing"
    : `${intent.kind} of ${intent.machine}, begun by ${intent.by} at ${new Date(intent.since).toISOString()}`;
}

function read(kubectl: Kubectl): Promise<LeaseObject | undefined> {
  return kubectl.object<LeaseObject>("lease", OPERATION_LEASE, "-n", NAMESPACE);
}

function intentOf(lease: LeaseObject | undefined): Intent | undefined {
  const noted = lease?.metadata.annotations?.[OPERATION_ANNOTATION];
  return noted === undefined ? undefined : (JSON.parse(noted) as Intent);
}

function isFresh({ spec }: LeaseObject): boolean {
  return spec.holderIdentity !== "" && Date.parse(spec.renewTime) + LEASE_SECONDS * 1000 > Date.now();
}

async function renew(kubectl: Kubectl, intent: Intent, holder: string): Promise<void> {
  const held = await read(kubectl);
  if (held?.spec.holderIdentity === holder) {
    await write(kubectl, intent, holder, held.metadata.resourceVersion);
  }
}

/** @param resourceVersion of the Lease that was read: if somebody changed it since, the API refuses */
async function write(kubectl: Kubectl, intent: Intent, holder: string, resourceVersion?: string): Promise<void> {
  const lease: LeaseObject = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: OPERATION_LEASE,
      namespace: NAMESPACE,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      annotations: { [OPERATION_ANNOTATION]: JSON.stringify(intent) },
    },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: LEASE_SECONDS,
      // The API wants microseconds.
      renewTime: new Date().toISOString().replace("Z", "000Z"),
    },
  };
  const verb = resourceVersion === undefined ? "create" : "replace";
  try {
    await kubectl.run([verb, "-f", "-"], { input: JSON.stringify(lease) });
  } catch (error) {
    throw error instanceof ProgramError && /AlreadyExists|Conflict|the object has been modified/.test(error.words)
      ? new Error("somebody else began an operation on this site in this moment; repeat the command to see which")
      : error;
  }
}

/** Lets the Lease go without ending the operation: the same command takes it up at once. */
export async function pauseOperation(kubectl: Kubectl): Promise<void> {
  const held = await read(kubectl);
  const noted = intentOf(held);
  if (held !== undefined && noted !== undefined) {
    await write(kubectl, noted, "", held.metadata.resourceVersion);
  }
}
