package strict

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
)

// listed has keys whose rules are elsewhere than in its tags.
type listed struct {
	At
	Color string   `yaml:"color" required:"true"`
	Days  []string `yaml:"days" format:"day"`
	Inner `yaml:",inline"`
}

// Inner is inlined.
type Inner struct {
	Part Value[float64] `yaml:"part" min:"0.5"`
}

func (*listed) KeyText(key string) string {
	return map[string]string{"color": "Its colour.", "part": "not its own"}[key]
}

func (*listed) KeyEnum(key string) []string {
	if key == "color" {
		return []string{"red", "blue"}
	}
	return nil
}

func TestKeys(t *testing.T) {
	least := 0.5
	require.Equal(t, []Key{
		{Name: "color", Text: "Its colour.", Index: []int{1}, Required: true, Enum: []string{"red", "blue"}},
		{Name: "days", Index: []int{2}},
		{Name: "part", Index: []int{3, 0}, Least: &least},
	}, Keys(reflect.TypeFor[listed]()), "a text is that of the struct which declares the key")

	err := Decode("f.yaml", []byte("color: green\ndays: [2026-12-31, today]\n"), &listed{}, ReadOptions{})
	require.ErrorContains(t, err, `color: "green" is not allowed`)
	require.ErrorContains(t, err, `days.1: "today" is not well-formed`)
	err = Decode("f.yaml", []byte("days: []\n"), &listed{}, ReadOptions{})
	require.Contains(t, err.(diag.Problems)[0].Hint, "one of red, blue (Its colour)")

	type unknown struct {
		A string `yaml:"a" format:"nosuch"`
	}
	require.PanicsWithValue(t, `strict: strict.unknown.A: no format is called "nosuch"`,
		func() { Keys(reflect.TypeFor[unknown]()) })
}
