package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

// What the closing lines say in the cases that are rare; the golden files have
// the others.
func TestClosingLines(t *testing.T) {
	lost := remark.New("fact.region_lost", "region", "a", "serves_users", true, "takers", []string{"b", "c"})
	for _, x := range []struct {
		r           remark.Remark
		label, text string
	}{
		{remark.New("fact.no_headroom", "component", "db", "system", "DB"), "Headroom",
			"none: DB is too small as it is"},
		{remark.New("fact.headroom", "users", 1.024e6, "share", 1023), "Headroom",
			"more than 1,024,000 users on the same machines"},
		{remark.New("fact.region_lost", "region", "a", "serves_users", false), "a lost",
			"it serves no users; what is kept for a failover is gone"},
		{remark.New("fact.region_lost", "region", "a", "serves_users", true, "takers", []string{}), "a lost",
			"its users are not served: no other region takes them over"},
		{lost.With("carried", "after growing", "busiest", "DB", "resource", "cpu", "target", 0.8), "a lost",
			"b and c cannot carry all before they have grown from warm to full size; busiest DB cpu at –"},
		{lost.With("carried", "above target", "target", 0.8, "unsized", []string{"x"}, "gone", []string{"y"}),
			"a lost",
			"b and c carry all, above the target of 80 %; not sized for it: x; gone with it: y"},
		{remark.New("fact.next", "command", "explain", "profile", "db", "component", "db", "environment", "dev"),
			"Next",
			"headroom explain db db --environment dev"},
		{remark.New("fact.currency", "code", "EUR", "total", 1234.5, "rate", 0.9, "source", "a bank"), "In EUR",
			"EUR 1,234.50 at 0.90 for one US dollar (a bank)"},
		{remark.New("fact.currency", "code", "JPY", "total", 1234567, "decimals", 0, "rate", 155, "source", "a bank"),
			"In JPY", "JPY 1,234,567 at 155.00 for one US dollar (a bank)"},
		{remark.New("fact.unit_cost", "per_user", 0.0012, "per_million_requests", 12.345), "Unit cost",
			"$0.00120/user, $12.35/M requests"},
		{remark.New("unpriced.spread", "types", 3, "priced", 1, "option", "spot", "terms", 1), "No price",
			"for spot: spot has to be spread over 3 types, and 1 of the allowed types has a spot price"},
		{remark.New("fact.hosts_short", "machine", "box", "at", "aachen", "need", 4, "have", 3, "environments",
			[]string{"production", "dev"}, "needs", []float64{3, 1}), "Hosts",
			"all environments together need 4 hosts of box at aachen, and there are 3: production 3, dev 1"},
		{remark.Labelled("Was", "as it was"), "Was", "as it was"},
		{remark.New("fact.of_tomorrow", "figure", 2), "Of tomorrow", "of tomorrow: figure 2"},
	} {
		require.Equal(t, x.label, Label(x.r))
		require.Equal(t, x.text, Say(x.r))
	}
}

// Every fact says something whatever its values are, as a file may be without
// some of them.
func TestFactsWithoutValues(t *testing.T) {
	for key := range facts() {
		r := remark.New("fact." + key)
		require.NotEmpty(t, Label(r), key)
		require.NotEmpty(t, Say(r), key)
	}
}
