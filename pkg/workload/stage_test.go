package workload

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const staged = `apiVersion: headroom/v1
name: x
regions: [{name: us-east-1}]
peak: {users: 100, requests_per_user: 1/min, write_ratio: 1%, request: 1KB, response: 1KB}
components:
  web: {kind: bare, entry: true}
stages:
  - name: more
    week: 6
    set:
      components.db: "{kind: bare}"
      components.web.calls: "{db: {per_read: 1}}"
  - {name: far, month: 4, set: {regions: "[{name: us-east-1}, {name: eu-west-1}]"}}
`

func bare() Kinds { return Kinds{"bare": func() any { return new(struct{}) }} }

// A stage has what the ones before it changed, too; in months it is there in all of the one
// in which it begins. What it is asked about its future, it answers as it is.
func TestStages(t *testing.T) {
	p, err := Parse("x.yaml", []byte(staged), bare(), os.ReadFile)
	require.NoError(t, err)
	at := func(month, week int) *Profile {
		s := Situation{Month: month}
		if week >= 0 {
			s.Week = &week
		}
		d, err := p.In(s)
		require.NoError(t, err)
		return d.Profile
	}
	require.Same(t, p, at(0, -1))
	require.Same(t, p, at(1, 5))
	require.Equal(t, []string{"web", "db"}, at(1, 6).ComponentNames())
	require.Equal(t, []string{"web", "db"}, at(1, -1).ComponentNames())
	require.Len(t, at(3, -1).Regions, 1)
	last := at(4, -1)
	require.Equal(t, []string{"web", "db"}, last.ComponentNames())
	require.Len(t, last.Regions, 2)
	require.Equal(t, []string{"web"}, p.ComponentNames())
	d, err := last.In(Situation{})
	require.NoError(t, err)
	require.Same(t, last, d.Profile)
	q, err := p.Environment(Production)
	require.NoError(t, err)
	require.Len(t, q.Stages, 2)
}

// Problems are at the stage, or at the key that it sets.
func TestStagesThatCannotBe(t *testing.T) {
	for change, want := range map[string]string{
		"kind: bare}\"=kind: bore}\"":       `x.yaml:11:7: stage more: components.db.kind: "bore" is not a known kind`,
		"components.db: =components..db: ":  `x.yaml:11:7: "components..db" is not a path`,
		"month: 4=month: 1":                 `x.yaml:13:5: stage "far" begins before the one above it`,
		"month: 4, =":                       `x.yaml:13:5: stage far must start in a month or in a week`,
		"[{name: us-east-1}, {=[{":          "x.yaml:13:5: stage far: it takes a region away",
		"set: {regions=set: {components.db": `x.yaml:13:33: stage far: components.db must be a mapping`,
	} {
		was, is, _ := strings.Cut(change, "=")
		require.Contains(t, staged, was)
		_, err := Parse("x.yaml", []byte(strings.Replace(staged, was, is, 1)), bare(), os.ReadFile)
		require.ErrorContains(t, err, want, change)
	}
}
