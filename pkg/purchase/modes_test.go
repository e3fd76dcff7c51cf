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
