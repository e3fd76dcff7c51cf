package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

func TestSpan(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0 s", 0.25: "250 ms", 1: "1 s", 12.5: "12.5 s", 90: "90 s", 120: "2 min", 150: "2 min 30 s",
		3599.9: "1 h", 3600: "1 h", 15780: "4 h 23 min", 86400: "1 d", 86399.9: "1 d", 129600: "1 d 12 h",
		604800: "7 d", 400 * 86400: "400 d",
	} {
		require.Equal(t, want, Span(seconds))
	}
}

// Every finding about failures has a sentence of its own, with what to do.
func TestFindingsAboutFailures(t *testing.T) {
	for _, x := range []struct {
		r    remark.Remark
		want string
	}{
		{remark.New("resilience.dead_records", "ttl", 60.0), "then for 60 s more; dns.health_check or dns.retry"},
		{remark.New("resilience.never_elected", "component", "db"), "components.db.members a priority above 0"},
		{remark.New("resilience.two_primaries", "component", "db"), "promotion_elsewhere: manual prevents it"},
		{remark.New("resilience.blocks_alone", "component", "db"), "db: commits wait for its only standby"},
		{remark.New("resilience.two_zones", "component", "q", "region", "a"), "in 2 zones of a, "},
		{remark.New("resilience.even_votes", "component", "q", "votes", 4),
			"4 votes survive no more losses than 3 would"},
		{remark.New("resilience.no_breaker", "component", "web", "to", "db", "times", 4), "web asks db up to 4 times"},
		{remark.New("resilience.no_log", "component", "db"), "add one with log: true to copies"},
		{remark.New("resilience.slow_promotion", "component", "db", "seconds", 75.0, "aim", 3.0),
			"takes 75 s, and outages may last 3 s"},
		{remark.New("resilience.slow_promotion", "component", "db", "seconds", 75.0, "aim", 3.0, "at_least", true),
			"takes over 75 s, and outages may last 3 s"},
		{remark.New("resilience.copy_ephemeral", "copy", "weekly", "region", "a"), "copy weekly is on disks that"},
		{remark.New("resilience.copy_beside", "copy", "daily", "component", "db", "region", "a"),
			"copy daily is in a, where all data of db is, too"},
		{remark.New("resilience.controlled_from", "region", "b", "from", "a"),
			"nodes of b are replaced by a control plane in a"},
	} {
		require.Contains(t, Say(x.r), x.want)
		require.Equal(t, ContradictionLabel, Label(x.r))
	}
}
