package diag_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
)

func TestPosLeavesOutWhatIsNotKnown(t *testing.T) {
	require.Equal(t, "a.yaml:3:7", diag.Pos{File: "a.yaml", Line: 3, Col: 7}.String())
	require.Equal(t, "a.yaml:3", diag.Pos{File: "a.yaml", Line: 3}.String())
	require.Equal(t, "a.yaml", diag.Pos{File: "a.yaml"}.String())
	require.Empty(t, diag.Pos{}.String())
}

func TestNoProblemIsNoError(t *testing.T) {
	var ps diag.Problems
	require.NoError(t, ps.Err())
	ps.Addf(diag.Pos{File: "a", Line: 1}, "", "count is %d", -1)
	require.EqualError(t, ps.Err(), "a:1: count is -1")
}

func TestErrSortsByPlaceAndKeepsTheOrderOfFinding(t *testing.T) {
	var ps diag.Problems
	ps.Addf(diag.Pos{File: "b", Line: 1, Col: 1}, "", "fifth")
	ps.Addf(diag.Pos{File: "a", Line: 10, Col: 1}, "", "fourth")
	ps.Addf(diag.Pos{File: "a", Line: 2, Col: 5}, "", "second")
	ps.Addf(diag.Pos{File: "a", Line: 2, Col: 5}, "", "third")
	ps.Addf(diag.Pos{File: "a", Line: 2, Col: 1}, "", "first")
	require.EqualError(t, ps.Err(), "a:2:1: first\na:2:5: second\na:2:5: third\na:10:1: fourth\nb:1:1: fifth")

	var found diag.Problems
	require.True(t, errors.As(errors.Join(ps.Err()), &found), "callers find the problems in what wraps them")
	require.Len(t, found, 5)
}

func TestQuoteFillsInTheLineOfItsOwnFile(t *testing.T) {
	ps := diag.Problems{
		{Pos: diag.Pos{File: "a", Line: 2}},
		{Pos: diag.Pos{File: "b", Line: 2}},
		{Pos: diag.Pos{File: "a", Line: 9}},
		{Pos: diag.Pos{File: "a"}},
		{Pos: diag.Pos{File: "a", Line: 1}, Source: "kept"},
	}
	ps.Quote("a", []byte("one\r\ntwo\r\n"))
	require.Equal(t, "two", ps[0].Source)
	require.Empty(t, ps[1].Source)
	require.Empty(t, ps[2].Source)
	require.Empty(t, ps[3].Source)
	require.Equal(t, "kept", ps[4].Source)
}

func TestOfGivesTheProblemsOfAnyError(t *testing.T) {
	one, two := diag.Problem{Summary: "one"}, diag.Problem{Summary: "two"}
	list := diag.Problems{one, two}
	require.Equal(t, list, diag.Of(fmt.Errorf("wrapped: %w", list)))
	require.Equal(t, diag.Problems{one}, diag.Of(fmt.Errorf("wrapped: %w", one)))
	require.Nil(t, diag.Of(errors.New("another")))
	require.Nil(t, diag.Of(nil))
	diag.Of(list)[0].Summary = "changed"
	require.Equal(t, "one", list[0].Summary)
}
