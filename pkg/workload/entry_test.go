package workload

import (
	"strings"
	"testing"
)

// What could have no effect is refused: a second entry, and answers that are made where
// no requests of users arrive.
func TestEntriesThatDoNothing(t *testing.T) {
	const src = `
apiVersion: headroom/v1
name: two
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 6/min, response: 9KB}
CLASSES
components:
  web: {kind: service, entry: true, calls: {api: {per_read: 1}}}
  api: {kind: service, API}
`
	with := func(classes, api string) string {
		return strings.NewReplacer("CLASSES", classes, "API", api).Replace(src)
	}
	problem(t, with("", "entry: true"), `component "api" is an entry of requests, and so is "web"`)
	problem(t, with("", "generates: 1KB"), `component "api" generates answers`, "where users' requests enter")
	parse(t, with("classes: {page: {share: 100%, entry: api}}", "generates: 1KB"))
}
