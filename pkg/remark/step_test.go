package remark

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/unit"
)

// A step keeps its figures as they are, with their units and names.
func TestStepsAreValues(t *testing.T) {
	s := Derive("received by {who}", "MODEL", unit.ByteRate(36), "T·RF = {T} × {RF}", "T", unit.ByteRate(12), "RF", 3).
		Naming("who", []string{"a", "b"})
	more, less := s.Plus("{extra}", "extra", 5), s.Minus("{less}", "less", 1.5).Noting("step.full")
	require.Equal(t, []Operand{{Name: "T", Figure: unit.FigureOf(unit.ByteRate(12))},
		{Name: "RF", Figure: unit.FigureOf(3)}}, s.Formula[0].Operands)
	require.Equal(t, []string{"a", "b"}, s.What.Operands[0].Text)
	require.Equal(t, "B/s", s.Result.Operands[0].Figure.Unit)
	require.Len(t, s.Formula, 1, "a further term is another step's")
	require.Equal(t, "{extra}", more.Formula[1].Text)
	require.True(t, less.Formula[1].Minus)
	require.Equal(t, "step.full", less.Note.Key)
	require.Empty(t, Derive("x", "", nil, "").Formula)
	odd := []any{"a"}
	require.Panics(t, func() { Notate("{a}", odd...) })
	require.Panics(t, func() { Notate("{a}", 1, "a") })
	require.Panics(t, func() { Notate("{a}", "a", struct{}{}) })
}
