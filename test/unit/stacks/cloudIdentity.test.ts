/** OpenStack credentials as the program finds them. */
import { describe, expect, test } from "vitest";
import { cannotCreate } from "../../../components/cluster/magnum/identity";
import { cloudIdentity } from "../../../stacks/site/cloudIdentity";

const nothing = () => undefined;
const AUTH = { OS_AUTH_URL: "https://keystone.example:5000/v3", OS_PROJECT_NAME: "atlas" };

/** clouds.yaml in the home directory, and beside it secure.yaml. */
function files(clouds: string, secure?: string) {
  const texts: Record<string, string | undefined> = {
    "/home/me/.config/openstack/clouds.yaml": clouds,
    "/home/me/.config/openstack/secure.yaml": secure,
  };
  return (path: string) => texts[path];
}

describe("credentials", () => {
  test("of a password in the environment are a user in a domain, scoped to the project", () => {
    const found = cloudIdentity(
      { ...AUTH, OS_USERNAME: "me", OS_PASSWORD: "word", OS_USER_DOMAIN_NAME: "CERN" },
      nothing,
    );
    expect(found).toMatchObject({ kind: "password", interface: "public", insecure: false });
    expect(found.request).toEqual({
      auth: {
        identity: {
          methods: ["password"],
          password: { user: { name: "me", domain: { name: "CERN" }, password: "word" } },
        },
        scope: { project: { name: "atlas", domain: { name: "Default" } } },
      },
    });
  });

  test("of a token, as CERN's users have from Kerberos, are taken before a password", () => {
    const found = cloudIdentity(
      { ...AUTH, OS_PROJECT_ID: "p1", OS_TOKEN: "drawn", OS_PASSWORD: "word", OS_AUTH_TYPE: "token" },
      nothing,
    );
    expect(found.kind).toBe("token");
    expect(found.request).toEqual({
      auth: { identity: { methods: ["token"], token: { id: "drawn" } }, scope: { project: { id: "p1" } } },
    });
  });

  test("of an application credential have no scope of their own, and cannot create a cluster", () => {
    const found = cloudIdentity(
      { ...AUTH, OS_APPLICATION_CREDENTIAL_ID: "a1", OS_APPLICATION_CREDENTIAL_SECRET: "s" },
      nothing,
    );
    expect(found.request).toEqual({
      auth: {
        identity: { methods: ["application_credential"], application_credential: { id: "a1", secret: "s" } },
      },
    });
    expect(cannotCreate(found)).toMatch(
      /^the environment \(OS_\*\) holds an application credential.*OS_AUTH_TYPE=token/,
    );
    expect(cannotCreate({ ...found, kind: "token" })).toBeUndefined();
  });

  test("of a cloud in clouds.yaml come with the secret of secure.yaml, its CA and its interface", () => {
    const clouds =
      "clouds: { cern: { auth_type: v3applicationcredential, interface: internal, cacert: /ca.pem, verify: true, " +
      "auth: { auth_url: 'https://keystone.cern.example/v3', application_credential_id: a1 } } }";
    const secure = "clouds: { cern: { auth: { application_credential_secret: s3 } } }";
    const found = cloudIdentity({ OS_CLOUD: "cern", HOME: "/home/me" }, files(clouds, secure));
    expect(found).toMatchObject({
      kind: "applicationCredential",
      source: "entry cern of clouds.yaml",
      authUrl: "https://keystone.cern.example/v3",
      interface: "internal",
      caFile: "/ca.pem",
    });
    expect(JSON.stringify(found.request)).toContain('"secret":"s3"');
  });

  test("that are not there are of kind none, and read no file", () => {
    expect(cloudIdentity({}, () => expect.fail("read a file")).kind).toBe("none");
    expect(cloudIdentity({ OS_CLOUD: "gone", HOME: "/home/me" }, nothing).kind).toBe("none");
  });

  test("of older variables are understood: a tenant is a project, publicURL an interface", () => {
    const found = cloudIdentity(
      { OS_AUTH_URL: "u", OS_USERNAME: "me", OS_PASSWORD: "w", OS_TENANT_ID: "t1", OS_ENDPOINT_TYPE: "internalURL" },
      nothing,
    );
    expect(found.interface).toBe("internal");
    expect(found.request).toMatchObject({ auth: { scope: { project: { id: "t1" } } } });
  });
});
