package campaign

import "fmt"

// mostApprovals is how many people may be asked for.
const mostApprovals = 9

func (v configCheck) approvals(a *ApprovalsConfig) {
	if a.Required < 1 || a.Required > mostApprovals {
		v.fail("approvals.required", "is %d (write how many different people have to approve, 1 to %d)", a.Required, mostApprovals)
	}
	if v.r.given("approvals.signers") && a.Signers == "" {
		v.fail("approvals.signers", "is empty (name a file in the format of OpenSSH's allowed signers, or take the key out)")
	}
}

func (v configCheck) test(t *TestConfig) {
	for i, d := range t.Domains {
		if !isDomain(d) {
			v.fail(fmt.Sprintf("test.domains[%d]", i), "is not a domain name (write it as example.com)")
		}
	}
}
