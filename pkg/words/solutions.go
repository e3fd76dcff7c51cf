package words

import (
	"fmt"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayFailure names a kind of failure: "a node", "2 disks in the primary's region".
func sayFailure(r remark.Remark) string {
	switch lastOf(r) {
	case "own":
		return r.Text("name")
	case "together":
		return strings.Join(SayAll(r.Remarks("of")), " and ")
	case "then":
		return strings.Join(SayAll(r.Remarks("of")), ", then ")
	case "process":
		return "a process"
	case "node":
		return "a node"
	case "host":
		return "a server"
	case "standby":
		return "the standby of a store"
	case "cold":
		return "a cold cache"
	case "schema":
		return "a change of tables"
	case "deploy":
		return "a rollout"
	case "spot":
		return "all spot instances"
	case "retries":
		return "retries"
	case "corruption":
		return "wrong data found after " + Span(r.Number("after"))
	}
	return failureAt(r)
}

// failureAt names what fails in a region.
func failureAt(r remark.Remark) string {
	first := r.Text("where") == "first"
	at := " elsewhere"
	if first {
		at = " in the primary's region"
	}
	switch lastOf(r) {
	case "disks":
		return Counted(r.Int("number"), "disk") + at
	case "storage":
		return "all disks" + at
	case "zone":
		if n := r.Int("number"); n > 1 {
			return Counted(n, "zone") + at
		}
		return "a zone" + at
	case "launch":
		return "no new nodes" + at
	case "region", "split", "failback":
		region := "another region"
		if first {
			region = "the primary's region"
		}
		return region + map[string]string{"split": " cut off", "failback": " coming back"}[lastOf(r)]
	}
	return ""
}

// saySolution has the words for what speaks for and against a solution among others.
func saySolution(r remark.Remark) string {
	switch lastOf(r) {
	case "aim":
		return AimName(r.Text("key"), r.Text("loss"))
	case "cheapest":
		return "cheapest, by " + exactDollars(r.Number("by")) + " a month"
	case "cheapest_without_credits":
		return "cheapest without credits, by " + exactDollars(r.Number("by")) + " a month"
	case "dearest":
		return "dearest, by " + exactDollars(r.Number("by")) + " a month"
	case "dearest_without_credits":
		return "dearest without credits, by " + exactDollars(r.Number("by")) + " a month"
	case "only_meets":
		return "alone meets " + strings.Join(SayAll(r.Remarks("aims")), ", ")
	case "only_misses":
		return "alone misses " + strings.Join(SayAll(r.Remarks("aims")), ", ")
	case "most_room":
		return "most headroom: " + unit.Count(r.Number("users")).Human() + " users"
	case "least_room":
		return "least headroom: " + unit.Count(r.Number("users")).Human() + " users"
	case "most_room_failing":
		return "carries most in a failure: " + unit.Count(r.Number("users")).Human() + " users"
	case "fewest_points":
		return "fewest single points of failure: " + fmt.Sprint(r.Int("points"))
	case "most_points":
		return "most single points of failure: " + fmt.Sprint(r.Int("points"))
	case "most_available":
		return "most available: " + unanswered(r)
	case "least_available":
		return "least available: " + unanswered(r)
	case "one_region":
		return "all of it is in one region, " + r.Text("region")
	case "one_provider":
		return "all of it is rented from one provider"
	}
	return solutionFailures(r)
}

// AimName is an aim in words: "outage", "disk failures", "survive zone".
func AimName(key, loss string) string {
	name := strings.ReplaceAll(strings.TrimPrefix(key, "aims."), "_", " ")
	return strings.TrimSpace(name + " " + loss)
}

// unanswered is how much of a year nothing is answered, by one of the three figures.
func unanswered(r remark.Remark) string {
	return Span(r.Number("down")) + " of a year without an answer, by " + AvailabilityFigure(r.Text("figure"))
}

// AvailabilityFigure names one of the three figures, which are never mixed.
func AvailabilityFigure(figure string) string {
	switch figure {
	case "contract":
		return "contracts"
	case "history":
		return "past outages"
	}
	return "the profile's own rates"
}

// solutionFailures has the words for what only one solution does in some failures.
func solutionFailures(r remark.Remark) string {
	what := map[string]string{
		"only_survives": "alone goes on as before after",
		"only_fails":    "alone does not go on as before after",
		"only_down":     "alone serves nobody until repaired after",
		"only_itself":   "alone recovers by itself from",
		"only_people":   "alone needs people or repair after",
		"loses_least":   "loses least data with",
		"loses_most":    "loses most data with",
	}[lastOf(r)]
	if what == "" {
		return ""
	}
	return what + ": " + strings.Join(SayAll(r.Remarks("failures")), "; ")
}

// UnequalDemand says of which key of the demand profiles have different values.
func UnequalDemand(key string, names, values []string) string {
	parts := make([]string, len(names))
	for i := range names {
		value := values[i]
		if value == "" {
			value = "none"
		}
		parts[i] = value + " in " + names[i]
	}
	return key + " is " + strings.Join(parts, ", ")
}
