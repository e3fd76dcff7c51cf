package workload

import (
	"slices"
	"strings"
)

// Options that are not commitments.
const (
	OnDemand = "on-demand"
	Spot     = "spot"
)

// Optimal is the mode in which any option may be taken.
const Optimal = "optimal"

// Kinds of options that are commitments.
const (
	Reserved    = "reserved"
	Convertible = "convertible"
	SavingsPlan = "sp-ec2"     // EC2 instance savings plan, bound to a family and a region
	ComputePlan = "sp-compute" // compute savings plan, for any machine in any region
)

// Commitments are the kinds of commitments, in the order of PurchaseOptions.
func Commitments() []string { return []string{Reserved, Convertible, SavingsPlan, ComputePlan} }

// PurchaseOptions lists the options that are known by name, on demand first, then by
// what they bind: commitments by kind and term, spot last.
func PurchaseOptions() []string {
	names := []string{OnDemand}
	for _, kind := range Commitments() {
		for _, years := range []string{"1y", "3y"} {
			for _, upfront := range []string{"none", "partial", "all"} {
				names = append(names, kind+"-"+years+"-"+upfront)
			}
		}
	}
	return append(names, Spot)
}

// PurchaseModes are the values of purchase.option and --purchase: what the optimum is
// made of, a single option, or all that begin with some words.
func PurchaseModes() []string {
	out := []string{OnDemand, Optimal}
	for _, name := range PurchaseOptions() {
		for i := range name + "-" {
			if head := (name + "-")[:i]; strings.HasPrefix((name + "-")[i:], "-") && !slices.Contains(out, head) &&
				isMode(head) {
				out = append(out, head)
			}
		}
	}
	return out
}

// isMode tells the beginnings that name something from those that cut a word.
func isMode(head string) bool {
	return head != "on" && head != "sp"
}
