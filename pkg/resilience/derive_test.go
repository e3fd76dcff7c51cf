package resilience

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
	"headroom/pkg/words"
)

func TestTryDerive(t *testing.T) {
	c := testCatalog(t)
	p := planned(t, c, "../../profiles/"+os.Getenv("TRY")+".yaml")
	f := facts(t, c)
	a, err := Assess(p, f, Options{})
	require.NoError(t, err)
	var names []string
	for _, r := range a.Rows {
		names = append(names, r.Scenario)
	}
	steps, err := a.Derive(p, f, money.Amount{}, names)
	require.NoError(t, err)
	for i := range steps {
		s := &steps[i]
		fmt.Printf("%-28s %-12s | %s | %s | %s | %s\n", s.Scenario, s.Component, words.What(&s.Step), words.Formula(&s.Step), words.Result(&s.Step), s.Source)
	}
}
