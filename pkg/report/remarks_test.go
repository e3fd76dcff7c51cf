package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/budget"
	"headroom/pkg/remark"
)

// What a limit found names the part of the system that it is about.
func TestWhatLimitsFound(t *testing.T) {
	within := remark.New("budget.monthly", "breached", false, "actual", 5, "allowed", 6)
	f := budget.Finding{Of: budget.Selection{Component: "db"}, Found: within}
	require.Equal(t, "component db: $5.00 a month, limit $6.00", foundText(&f))
	require.Equal(t, "nothing carries it", foundText(&budget.Finding{Failure: "nothing carries it"}))
	require.Equal(t, "total", budget.Selection{}.String())
	require.Equal(t, "kind database, components d*, region us-east-1",
		budget.Selection{Kind: "database", Match: "d*", Region: "us-east-1"}.String())
}
