import type { Endpoint } from "./endpoint.mts";

const API = "/rest.core/api";
const GUIDE = "MyID Core API guide";
const LINK = ["MyIdPersonEntraLink"];

/** Intercede MyID. */
export const myid: Endpoint[] = [
  {
    method: "POST",
    path: "/web.oauth2/connect/token",
    source: `${GUIDE}, section 3.3`,
    api: ["fetchToken"],
    reach: [],
    test: ["test/myid/vendor.test.ts", "is asked for with the scope of the API, in a form"],
  },
  {
    method: "PATCH",
    path: `${API}/People/{id}`,
    source: "Updating the Entra ID using the MyID Core API; also with `op=200103`, Edit PIV Applicant",
    api: ["patchReference"],
    reach: LINK,
    test: ["test/myid/create.test.ts", "of the fewest inputs looks, sets the first slot and nothing else, and looks whether it arrived"],
  },
  {
    method: "GET",
    path: `${API}/People/{id}`,
    source: `${GUIDE}, section 5.1`,
    api: ["getPerson"],
    reach: [...LINK, "findMyIdPeople", "myid find", "import", "drift"],
    test: [
      "test/myid/operations.test.ts",
      "a program finds a person, with what tells people apart and what they are linked by, and no more",
    ],
  },
  {
    method: "GET",
    path: `${API}/People`,
    source: `${GUIDE}, People; the vendor's public samples`,
    api: ["findPeople"],
    reach: [...LINK, "findMyIdPeople", "myid find", "import"],
    test: ["test/myid/operations.test.ts", "whatever the server finds, only who is meant is given"],
  },
  {
    method: "DELETE",
    path: `${API}/People/{id}`,
    source: "The vendor's public samples",
    why: "It removes the person with all credentials, not a link. This library never calls it, which is tested (test/myid/never-delete.test.ts).",
  },
  {
    method: "GET",
    path: `${API}/statusMappings`,
    source: "The vendor's public samples",
    why: "It serves the disabling of people, which belongs to the processes around a card, not to configuration.",
  },
];
