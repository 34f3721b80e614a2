import { expect, test } from "vitest";
import { directMappedUserInputs } from "../../../provider/src/pingone/schema.js";
import { EMPLOYEES, ENV, OTHER_ENV, openScene, PARTNERS } from "./scene.js";

const MINIMAL = { environmentId: ENV, username: "a.lovelace" };
const STANDARD = {
  username: "a.lovelace",
  email: "ada@example.com",
  name: { formatted: "Dr. Ada", given: "Ada", family: "Lovelace", middle: "K.", honorificPrefix: "Dr.", honorificSuffix: "PhD" },
  nickname: "Ada",
  title: "Analyst",
  type: "Contractor",
  address: { streetAddress: "12 Square\nBack door", locality: "London", region: "London", postalCode: "SW1", countryCode: "GB" },
  primaryPhone: "1234567890",
  mobilePhone: "+44 20 1",
  locale: "en-GB",
  preferredLanguage: "en-gb;q=0.8, en;q=0.7",
  timezone: "Europe/London",
  photo: { href: "https://example.com/ada.png" },
  externalId: "hr-1815",
  accountId: "8c1d2f7e-3a4b-4c5d-9e6f-0a1b2c3d4e5f",
};
const CUSTOM = { badgeNumber: "1815", devices: ["laptop", { os: { major: 3 } }] };
const FULL = {
  ...{ ...MINIMAL, ...STANDARD, customAttributes: CUSTOM, population: { id: PARTNERS } },
  ...{ password: "only-a-create-takes-it", ownership: "full" },
};

const ada = (inputs: object) => `new PingOneDirectMappedUser("ada", ${JSON.stringify(inputs)});`;

test("creates with only the required fields, goes from minimal to full and back, replaces when an immutable field changes, and leaves nothing behind", async () => {
  // A user that is there cannot be adopted any more.
  expect([...Object.keys(FULL), "adopt"].sort()).toEqual(Object.keys(directMappedUserInputs.shape).sort());
  await using scene = await openScene(ada(MINIMAL));
  const { stack, organization } = scene;
  const before = organization.dump();

  await stack.up({ expect: 0 });
  expect(scene.sent()).toEqual(["POST users 201"]);
  const { id } = scene.user("a.lovelace");
  expect(scene.user("a.lovelace")).toEqual({ username: "a.lovelace", id, populationId: EMPLOYEES });

  await scene.write(ada(FULL));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(scene.sent()).toEqual(["GET users/:id 200", "PUT users/:id 200"]);
  expect(scene.user("a.lovelace")).toEqual({ ...STANDARD, ...CUSTOM, id, populationId: PARTNERS });
  expect(organization.dump().environments[0]?.users.at(-1)).not.toHaveProperty("password");
  await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });

  await scene.write(ada(MINIMAL));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(scene.user("a.lovelace")).toEqual({ username: "a.lovelace", id, populationId: PARTNERS });

  await scene.write(ada({ ...MINIMAL, environmentId: OTHER_ENV }));
  scene.sent();
  const replaced = await stack.up({ expect: 0 });
  expect(replaced.summary).toMatchObject({ replace: 1 });
  expect(replaced.steps.map(({ op, diffs }) => [op, diffs])).toContainEqual(["replace", ["environmentId"]]);
  expect(scene.sent()).toEqual(["GET users/:id 200", "DELETE users/:id 204", "POST users 201"]);
  const [first, second] = organization.dump().environments;
  expect(first).toEqual(before.environments[0]);
  expect(second?.users).toMatchObject([{ attributes: { username: "a.lovelace" } }]);

  await stack.destroy({ expect: 0 });
  expect(organization.dump()).toEqual(before);
});
