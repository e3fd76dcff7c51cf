package remark

import (
	"fmt"

	"headroom/pkg/unit"
)

// Step is one line of a derivation: what is derived, by which formula of which figures,
// and what comes out. All of it are values, of which package words makes texts. Symbols,
// figures and the names of what they are of are notation; whole sentences are remarks.
type Step struct {
	What    Notation   // its name: "index in {region}"
	Formula []Notation // the terms of a sum; none where Note says it all
	Note    Remark     // what is said beside the formula, or instead of one
	Result  Notation   // "{size} a month"; empty where there is none
	Beside  Remark     // what is said beside the result, or instead of one
	Source  string     // where the formula or the input comes from; may be empty
	Of      string     // the resource of a limit whose need it is; empty for what leads to none alone
}

// Notation is a text with {names} where its operands stand: "T·RF = {T} × {RF}".
type Notation struct {
	Text     string
	Operands []Operand
	Minus    bool // of a term that is taken away from those before it
}

// Operand is a figure with its name, or the names of something where it has Text.
type Operand struct {
	Name   string
	Figure unit.Figure
	Text   []string
}

// Notate makes a notation of a text and of pairs of a name and what stands there: a quantity
// (unit.FigureOf), a text or a list of texts. Anything else is a mistake of the program,
// and panics.
func Notate(text string, pairs ...any) Notation {
	if len(pairs)%2 != 0 {
		panic("remark: " + text + ": a name without a value")
	}
	n := Notation{Text: text, Operands: make([]Operand, len(pairs)/2)}
	for i := range n.Operands {
		name, ok := pairs[2*i].(string)
		if !ok {
			panic(fmt.Sprintf("remark: %s: %v is no name", text, pairs[2*i]))
		}
		n.Operands[i].Name = name
		switch v := pairs[2*i+1].(type) {
		case string:
			n.Operands[i].Text = []string{v}
		case []string:
			n.Operands[i].Text = v
		default:
			n.Operands[i].Figure = unit.FigureOf(v)
		}
	}
	return n
}

// Derive is a step: its name, its source, its result, which is a quantity or a notation (nil
// where there is none), and its formula as Notate makes it; "" where a note says it.
func Derive(what, source string, result any, formula string, pairs ...any) Step {
	s := Step{What: Notation{Text: what}, Source: source}
	switch r := result.(type) {
	case nil:
	case Notation:
		s.Result = r
	default:
		s.Result = Notate("{}", "", r)
	}
	if formula != "" {
		s.Formula = []Notation{Notate(formula, pairs...)}
	}
	return s
}

// Naming is the step with what stands in its name.
func (s Step) Naming(pairs ...any) Step {
	s.What = Notate(s.What.Text, pairs...)
	return s
}

// Plus is the step with a further term of its formula.
func (s Step) Plus(term string, pairs ...any) Step {
	s.Formula = append(s.Formula[:len(s.Formula):len(s.Formula)], Notate(term, pairs...))
	return s
}

// Minus is the step with a term that its formula takes away.
func (s Step) Minus(term string, pairs ...any) Step {
	s = s.Plus(term, pairs...)
	s.Formula[len(s.Formula)-1].Minus = true
	return s
}

// Noting is the step with what is said beside its formula.
func (s Step) Noting(key string, pairs ...any) Step {
	s.Note = New(key, pairs...)
	return s
}

// Adding is the step with what is said beside its result.
func (s Step) Adding(key string, pairs ...any) Step {
	s.Beside = New(key, pairs...)
	return s
}
