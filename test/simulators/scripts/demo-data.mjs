// Writes data/sailpoint-demo.json: the demo tenant for those who start from a file. Run after a build.
import { writeFileSync } from "node:fs";
import { demoTenant } from "../dist/index.js";

writeFileSync(new URL("../data/sailpoint-demo.json", import.meta.url), `${JSON.stringify(demoTenant(), null, 2)}\n`);
