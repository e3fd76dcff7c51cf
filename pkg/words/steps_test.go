package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// The texts of a step are its notations with the figures in their places, and what is said
// beside them.
func TestTextsOfSteps(t *testing.T) {
	s := remark.Derive("CPU of {who}", "MODEL", remark.Notate("{x} vCPU", "x", unit.VCPUs(0.25)),
		"λ·cpu = {λ} × {cpu}", "λ", unit.EventRate(50), "cpu", unit.Given(unit.Duration(0.005))).
		Naming("who", []string{"a", "{λ}"}).Plus("{base}", "base", 2).Minus("{less} of it", "less", 1.5).
		Noting("step.full").Adding("step.lost", "rate", 3, "region", "eu")
	require.Equal(t, "CPU of a, {λ}", What(&s))
	require.Equal(t, "λ·cpu = 50/s × 5ms + 2 − 1.5 of it, at full utilisation", Formula(&s))
	require.Equal(t, "0.25 vCPU; 3/s with eu lost", Result(&s))
	s = remark.Derive("x", "", nil, "").Noting("step.stated").Adding("step.overrun")
	require.Equal(t, "as stated", Formula(&s))
	require.Equal(t, "more calls than it serves", Result(&s))
	require.Equal(t, "measured (week.csv), mean 0.500 of the peak; worst minutes 1.7 times the hour",
		Say(remark.New("step.curve", "preset", "consumer", "file", "week.csv", "mean", 0.5, "worst", 1.7)))
}
