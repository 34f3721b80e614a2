import { MyIdPersonEntraLink } from "pulumi-identity-as-code";

// By logon name, in the first external reference.
const amira = new MyIdPersonEntraLink("amira", {
  person: { logonName: "ahaddad" },
  entraObjectId: "0b9f6c1e-3f0d-4c55-9d1c-5a7e2f3b8c10",
});

// A PIV applicant, by employee id.
new MyIdPersonEntraLink("chidi", {
  person: { employeeId: "100202" },
  entraObjectId: "5d1c7c1e-90b2-4e0c-8f3d-2a9d7b1f6e44",
  pivApplicant: true,
});

// In another slot, for a server whose option External Entra Reference says so.
new MyIdPersonEntraLink("emre", {
  person: { email: "emre.yildiz@acme.example" },
  entraObjectId: "c2f5a8d7-1b34-4c6e-9a70-3e8d5f2b1c96",
  slot: 2,
});

export const personId = amira.person.id;
