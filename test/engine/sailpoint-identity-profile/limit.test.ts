import { expect, test } from "vitest";
import { openScene } from "./scene.js";

const COUNT = 300;
/** The vendor's default, which the simulator keeps too: 100 requests in 10 s. */
const FASTEST_MS = (COUNT / 100) * 10_000;

test("300 profiles are created at the vendor's limit: none fails, and hardly any time is lost", { timeout: 300_000 }, async () => {
  const sources = Array.from({ length: COUNT }, (_, index) => ({ id: String(index).padStart(32, "0"), name: `Source ${index}` }));
  await using scene = await openScene(
    `for (let index = 0; index < ${COUNT}; index += 1)
       new SailPointIdentityProfile(\`profile-\${index}\`, { name: \`Profile \${index}\`, authoritativeSource: { id: String(index).padStart(32, "0") } });`,
    { rateLimit: undefined, seed: { sources } },
  );
  const { stack, tenant } = scene;
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: COUNT });

  const creations = tenant.requests.filter(({ method, path }) => method === "POST" && path !== "/oauth/token");
  const tookMs = (creations.at(-1)?.at ?? 0) - (creations[0]?.at ?? 0);
  const refused = tenant.count({ status: 429 });
  console.log(
    `${COUNT} profiles in ${(tookMs / 1000).toFixed(1)} s (the limit allows ${FASTEST_MS / 1000} s), ${refused} calls refused for their rate`,
  );
  expect(tookMs).toBeLessThan(1.15 * FASTEST_MS);
  expect(refused).toBeLessThanOrEqual(3);
  expect(new Set(tenant.dump().profiles.map(({ name }) => name)).size).toBe(COUNT);
  expect(tenant.dump().profiles).toHaveLength(COUNT);
  expect(await stack.resources()).toHaveLength(COUNT);
});
