package purchase

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/workload"
)

// The profile's format lists the options that there are.
func TestModesAreThoseOfTheProfile(t *testing.T) {
	enum := func(typ reflect.Type, field string) []string {
		f, ok := typ.FieldByName(field)
		require.True(t, ok)
		return strings.Split(f.Tag.Get("enum"), "|")
	}
	spec, rate := reflect.TypeFor[workload.Purchase](), reflect.TypeFor[workload.GivenRate]()
	require.Equal(t, enum(spec, "Option"), Modes())
	require.Equal(t, enum(rate, "Option"), Names())
	for _, name := range enum(spec, "Allow") {
		c := Constraints{Allow: []string{name}}
		require.NoError(t, c.check(), name)
	}
}

func TestLackingNamesKindsAndTermsAsAWhole(t *testing.T) {
	require.Equal(t, []string{"reserved-3y-none", "convertible", "sp-ec2", "sp-compute", Spot},
		Lacking([]string{OnDemand, "reserved-1y-none", "reserved-1y-partial", "reserved-1y-all", "reserved-3y-partial",
			"reserved-3y-all"}))
	require.Equal(t, []string{"reserved-1y", "sp-ec2-3y-all", "sp-compute"},
		Lacking([]string{OnDemand, "reserved-3y-none", "reserved-3y-partial", "reserved-3y-all",
			"convertible-1y-none", "convertible-1y-partial", "convertible-1y-all", "convertible-3y-none",
			"convertible-3y-partial", "convertible-3y-all",
			"sp-ec2-1y-none", "sp-ec2-1y-partial", "sp-ec2-1y-all", "sp-ec2-3y-none", "sp-ec2-3y-partial", Spot}))
	require.Empty(t, Lacking(Names()))
}
