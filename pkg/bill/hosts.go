package bill

import (
	"slices"

	"headroom/pkg/plan"
)

// SharedHosts are the hosts of a machine at a site that production and its environments have
// together, each of which is planned as if it had all of them.
type SharedHosts struct {
	Region, Machine string
	Have            int
	Need            int
	Environments    []string // that need any, production first
	Needs           []int    // of each
}

// ShortHosts are those of which all that run at the same time need more than there are; none
// where the profile has no environments.
func (r *Result) ShortHosts() []SharedHosts {
	if r.whole == nil || len(r.whole.Environments) == 0 {
		return nil
	}
	var all []SharedHosts
	results, _ := r.together()
	for _, x := range results {
		for _, h := range x.Plan.Hosts() {
			if h.Used > 0 {
				all = needed(all, h, x.environment())
			}
		}
	}
	return slices.DeleteFunc(all, func(h SharedHosts) bool { return h.Need <= h.Have })
}

// needed adds what an environment needs.
func needed(all []SharedHosts, h plan.HostUse, environment string) []SharedHosts {
	k := slices.IndexFunc(all, func(o SharedHosts) bool { return o.Region == h.Region && o.Machine == h.Machine })
	if k < 0 {
		k, all = len(all), append(all, SharedHosts{Region: h.Region, Machine: h.Machine, Have: h.Have})
	}
	x := &all[k]
	x.Need += h.Used
	x.Environments, x.Needs = append(x.Environments, environment), append(x.Needs, h.Used)
	return all
}
