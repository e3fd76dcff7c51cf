package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

func TestWordsOfPurchases(t *testing.T) {
	declined := func(key string, more ...any) remark.Remark {
		return remark.New("not_taken."+key, append([]any{"asked", []string{"reserved-1y"},
			"components", []string{"web", "DB in b"}}, more...)...)
	}
	const who = "reserved-1y for web, DB in b: "
	for _, x := range []struct {
		r           remark.Remark
		label, text string
	}{
		{declined("interruptible"), "Not taken",
			who + "not marked purchase: {interruptible: true}, so all stays on demand"},
		{declined("unpriced"), "Not taken",
			who + "no price in these tables, so all stays on demand; give a rate under purchase: rates:"},
		{declined("never_needed"), "Not taken", who + "no node is needed within the horizon"},
		{declined("bounds"), "Not taken", who + "the bounds of purchase: allow none"},
		{declined("dear", "option", "x"), "Not taken", who + "x costs as much as on demand in all hours, or more"},
		{declined("seldom", "option", "x", "break_even", 0.62, "duty", 0.5), "Not taken",
			who + "x pays in more than 62 % of the hours, and the most needed node runs in 50 %"},
		{declined("short", "option", "x", "break_even", 0.62), "Not taken",
			who + "x pays in more than 62 % of the hours, and no node runs in so many for long enough"},
		{declined("reclaimed", "nodes", 1, "types", 2), "Not taken",
			who + "when a zone's spot is reclaimed the rest must carry the peak: that leaves 1 node for spot, " +
				"over at least 2 types"},
		{declined("saving", "saving", 0.2, "least", 0.3), "Not taken",
			who + "spot saves 20.0 %, and min_spot_saving asks for 30.0 %"},
		{remark.New("risk.unused", "component", "web", "region", "a", "nodes", 5, "unused", 3, "option", "x",
			"monthly", 12.5), "Risk", "web in a: 3 of 5×x are not used: $12.50 a month for nothing"},
		{remark.New("unpriced.plans", "kinds", []string{"sp-ec2", "sp-compute"}, "places", []string{"a", "b x", "b y"}),
			"No price", "for savings plans sp-ec2, sp-compute in a; b for x, y; give a rate of yours under " +
				"purchase: rates:"},
		{remark.New("fact.over_time", "months", 36, "pv", 10.0, "pv_on_demand", 20.0, "savings_rate", -0.5,
			"inexact", []string{"web"}, "excess", 0.2), "Over time",
			"present value over 36 months $10.00 instead of $20.00, effective savings rate −50.0 %; an upper bound: " +
				"of web a cheaper mix may exist; in tests without bounds the mix was above it by 20 % at most " +
				"(headroom docs buying says when)"},
		{remark.New("fact.optimum", "monthly", 10.0, "inexact", []string{"web"}), "Optimum",
			"the best mix would come to $10.00 a month; an upper bound: of web a cheaper mix may exist " +
				"(headroom docs buying says when)"},
		{remark.New("fact.optimum", "monthly", 10.0, "exact", true), "Optimum",
			"the best mix would come to $10.00 a month; exactly the optimum"},
	} {
		require.Equal(t, x.label, Label(x.r))
		require.Equal(t, x.text, Say(x.r))
	}
}
