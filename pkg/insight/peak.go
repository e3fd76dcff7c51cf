package insight

import (
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// slowPeaks are the rates of the peak that are written per day or per month. They are
// of the worst minutes, so that a day's total there would be much too low: what it is
// at the peak follows from the load curve.
func slowPeaks(d *workload.Demand) []remark.Remark {
	k := &d.Profile.Peak
	rates := []struct {
		key   string
		value strict.Value[unit.EventRate]
	}{{"requests_per_user", k.RequestsPerUser}}
	if k.WritesPerUser != nil {
		rates = append(rates, struct {
			key   string
			value strict.Value[unit.EventRate]
		}{"writes_per_user", *k.WritesPerUser})
	}
	var out []remark.Remark
	for _, r := range rates {
		slow := strings.HasSuffix(r.value.Text, "/day") || strings.HasSuffix(r.value.Text, "/month")
		if slow && d.MeanTotal > 0 {
			out = append(out, remark.New("fact.slow_peak", "key", r.key, "rate", r.value.Text,
				"at_peak", float64(r.value.V)/d.MeanTotal*d.Intra))
		}
	}
	return out
}
