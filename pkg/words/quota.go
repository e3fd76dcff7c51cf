package words

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayQuota says how much of a quota to ask for, region by region.
func sayQuota(r remark.Remark) string {
	text := askFor(r)
	if text == "" {
		return ""
	}
	text += " (default " + unit.Whole(r.Number("default"))
	if r.Has("zone") {
		text += fmt.Sprintf(" for a region, %d more for each zone", r.Int("zone"))
	}
	text += ", " + quotaDate(r) + ")"
	if r.Has("zone") {
		text += ", or spread them over months"
	}
	if list := r.List("environments"); len(list) > 0 {
		text += "; for " + strings.Join(list, ", ") + " together"
	}
	if list := r.List("not_counted"); len(list) > 0 {
		text += "; without " + strings.Join(list, ", ") + ", which cannot be planned"
	}
	return text
}

// askFor says how much of a quota to ask for, region by region, and no more; "" of one
// that it does not know.
func askFor(r remark.Remark) string {
	what := QuotaOf(lastOf(r))
	if what == "" {
		return ""
	}
	var asks []string
	needs, months := r.Numbers("needs"), r.Numbers("months")
	for i, region := range r.List("regions") {
		if i >= len(needs) || i >= len(months) {
			break
		}
		ask := unit.Whole(needs[i])
		if slices.Contains(r.List("at_least"), region) {
			ask = "at least " + ask
		}
		if i == 0 {
			ask += " " + what
		}
		ask += " in " + region
		if months[i] > 0 {
			ask += fmt.Sprintf(" (from month %.0f)", months[i])
		}
		asks = append(asks, ask)
	}
	return "ask for " + strings.Join(asks, ", ")
}

// quotaDate says how far the default is to be trusted.
func quotaDate(r remark.Remark) string {
	text := "undated"
	if date := r.Text("as_of"); date != "" {
		text = "of " + date
	}
	if r.Is("weak") {
		return "weak, " + text
	}
	return text
}

// QuotaOf says what a quota is of; "" for one that it does not know.
func QuotaOf(key string) string {
	switch key {
	case "standard_vcpus":
		return "vCPUs of Standard on demand"
	case "nat_gateways":
		return "NAT gateways a zone"
	case "addresses":
		return "Elastic IP addresses"
	case "reservations":
		return "new reservations a month"
	}
	return ""
}
