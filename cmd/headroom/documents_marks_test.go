package main

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
)

// place are where and when something is, and not how much.
var place = regexp.MustCompile(`\.(tz|zones|week)$`)

// A number of the systems of the documents is the document's, and says where it stands there, or
// is assumed, and says why. A call for each call, and time zones, are neither.
func TestDocumentsMarks(t *testing.T) {
	for _, name := range []string{"campus-a", "campus-b", "campus-c", "couples-app", "platform", "web-operations"} {
		p := shipped(t, name, bill.Request{}).Plan.Profile
		for _, in := range p.Inputs() {
			place := place.MatchString(in.Path) || in.Value == "1"
			if in.Set && in.Number() != nil && in.Source == "" && in.Assumed == "" && !place {
				t.Errorf("%s: %s is %s", name, in.Path, in.Value)
			}
		}
	}
	require.False(t, t.Failed(), "write {value: …, source: …} or {value: …, assumed: …}")
}
