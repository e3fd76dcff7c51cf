package workload

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
)

// An adjustment may be on any service that the program bills.
func TestAdjustmentsAreOnAnyService(t *testing.T) {
	f, ok := reflect.TypeFor[Adjustment]().FieldByName("On")
	require.True(t, ok)
	words := strings.Split(f.Tag.Get("enum"), "|")
	for _, m := range catalog.Meters([]string{"us-west-2"}) {
		require.Contains(t, words, m.Service(), "%s: add its service to the words of on:", m)
	}
}
