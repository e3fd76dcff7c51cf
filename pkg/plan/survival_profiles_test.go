package plan

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/workload"
)

// documents are the profiles of the systems that the five documents have, beside the three
// sizes of the first.
var documents = []string{"campus-a", "campus-b", "campus-c", "couples-app", "platform", "web-operations"}

// Every system of the documents survives what its profile claims, and is no larger than it must
// be; so do the stages of the one that people change while it runs, and environments.
func TestSystemsOfTheDocumentsSurviveWhatTheyClaim(t *testing.T) {
	slow(t)
	t.Parallel()
	cat := testCatalog(t)
	audit := func(t *testing.T, name string, s workload.Situation) {
		d, err := parseProfile(t, profileSource(t, name)).In(s)
		require.NoError(t, err)
		r, err := described(Search(d, cat, Options{}))
		require.NoError(t, err)
		newAuditor(t, fmt.Sprintf("%s %+v", name, s), r).audit()
	}
	for _, name := range documents {
		t.Run(name, func(t *testing.T) { audit(t, name, workload.Situation{}) })
	}
	for _, week := range []int{6, 8, 11, 12, 15} {
		t.Run(fmt.Sprint("week ", week), func(t *testing.T) {
			audit(t, "couples-app", workload.Situation{Month: workload.MonthOfWeek(week), Week: &week})
		})
	}
	for _, x := range [][2]string{{"platform", "dev"}, {"platform", "qa"}, {"couples-app", "test"}} {
		t.Run(x[0]+" "+x[1], func(t *testing.T) { audit(t, x[0], workload.Situation{Environment: x[1]}) })
	}
}
