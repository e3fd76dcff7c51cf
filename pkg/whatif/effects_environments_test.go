package whatif_test

import "strings"

// environmentCases are the keys by which an environment differs from production.
func environmentCases() []effectCase {
	var out []effectCase
	for _, x := range [][2]string{
		{"peak.users", "900"}, {"peak.requests_per_user", "90/min"}, {"peak.write_ratio", "9%"}, {"dataset", "90GB"},
		{"schedule.days", "[sat, sun]"}, {"schedule.hours", "22-6"}, {"schedule.holidays", "30"},
		{"on_stop", "stop"}, {"failover", "independent"}, {"policy.own_load", "30%"}, {"policy.degraded", "40%"},
		{"policy.connections", "60%"}, {"policy.memory", "50%"}, {"policy.disk", "50%"}, {"types", "[m7g.2xlarge]"},
	} {
		out = append(out, effectCase{"environments.*." + x[0], "effects/late", nil,
			[]string{"environments.late." + x[0] + "=" + x[1]}, "late"})
	}
	for _, x := range [][2]string{
		{"web.pin.type", "c7g.xlarge"}, {"web.pin.count", "6"}, {"db.types", "[r7g.xlarge]"}} {
		_, key, _ := strings.Cut(x[0], ".")
		out = append(out, effectCase{"environments.*.machines.*." + key, "effects/late", nil,
			[]string{"environments.late.machines." + x[0] + "=" + x[1]}, "late"})
	}
	return out
}
