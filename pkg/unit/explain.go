package unit

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"headroom/pkg/diag"
)

// quoted quotes a text of the input, cut to a length that suits a message.
func quoted(text string) string {
	const most = 40
	if utf8.RuneCountInString(text) <= most {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%q…", string([]rune(text[:min(len(text), most*utf8.UTFMax)])[:most]))
}

// badNumber explains a text that does not begin with an acceptable number.
func (s scale) badNumber(text string) error {
	q := quoted(text)
	switch {
	case text == "":
		return fmt.Errorf("a %s is missing; write for example %s", s.what, s.example)
	case strings.TrimSpace(text) != text:
		return fmt.Errorf("%s: remove the space around the %s", q, s.what)
	case text[0] == '-':
		return fmt.Errorf("%s: a %s cannot be negative", q, s.what)
	case text[0] == '+':
		return fmt.Errorf("%s: leave out the plus sign, for example %s", q, s.example)
	case text[0] == '.' && digits(text[1:]) > 0:
		return fmt.Errorf("%s: a number begins with a digit, for example 0.5", q)
	case digits(text) > maxWhole:
		return fmt.Errorf("%s: the number has more than %d digits", q, maxWhole)
	}
	n := digits(text)
	switch {
	case n == 0:
		return fmt.Errorf("%s is not a %s; write a number and a unit, for example %s", q, s.what, s.example)
	case digits(text[n+1:]) > maxFrac: // text[n] is the point: split stopped behind it
		return fmt.Errorf("%s: the number has more than %d decimals", q, maxFrac)
	}
	return fmt.Errorf("%s: a digit must follow the decimal point, for example 0.5", q)
}

// noUnit explains a bare number where a unit is needed.
func (s scale) noUnit(text string) error {
	return fmt.Errorf("%s: a %s needs a unit; use %s, for example %s", quoted(text), s.what, s.list, s.example)
}

// notPart explains a bare number above 1 where a part is meant.
func (s scale) notPart(number string) error {
	return fmt.Errorf("%s: a %s above 1 needs its unit; write %s, or %s for a multiple of the whole", quoted(number),
		s.what, quotedPlain(number+"%"), quotedPlain(Fraction(times(number, symbol{num: 1, den: 1})).String()))
}

// badUnit explains what follows a number.
func (s scale) badUnit(text, number, rest string) error {
	q, name := quoted(text), strings.TrimSpace(rest)
	switch {
	case name == "":
		return fmt.Errorf("%s: remove the space behind the number", q)
	case strings.TrimSpace(text) != text:
		return fmt.Errorf("%s: remove the space around the %s", q, s.what)
	case rest[0] == ',' || rest[0] == '_':
		return fmt.Errorf("%s: leave out separators in numbers (2500, not 2,500); "+
			"decimals follow a point (1.5, not 1,5)", q)
	case exponent(rest):
		return fmt.Errorf("%s: write the number out, without an exponent", q)
	case (rest[0] == 'x' || rest[0] == 'X') && strings.Trim(number, "0") == "":
		return fmt.Errorf("%s: write a decimal number, not a hexadecimal one", q)
	case rest[0] == '.':
		return fmt.Errorf("%s: a number has at most one decimal point", q)
	}
	msg := fmt.Sprintf("%s: unknown unit %s for a %s; ", q, quoted(name), s.what)
	if right, ok := s.meant(name); ok {
		if rest == name || rest == " "+name {
			return errors.New(msg + fmt.Sprintf("did you mean %s? Use %s", quotedPlain(number+right), s.list))
		}
		return fmt.Errorf("%s: only one space may stand between number and unit; write %s",
			q, quotedPlain(number+right))
	}
	return errors.New(msg + fmt.Sprintf("use %s, for example %s", s.list, s.example))
}

// quotedPlain cuts a long suggestion; it holds nothing that needs quoting.
func quotedPlain(text string) string {
	if len(text) <= 40 {
		return text
	}
	return text[:40] + "…"
}

// exponent tells whether a rest such as "e3" or "E+5B" was meant as one.
func exponent(rest string) bool {
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	after := strings.TrimLeft(rest[1:], "+-")
	return digits(after) > 0
}

// meant finds the unit that was probably meant: the same but for case, a known
// other spelling, or the nearest.
func (s scale) meant(name string) (string, bool) {
	names := make([]string, len(s.symbols))
	for i, u := range s.symbols {
		names[i] = u.name
		if u.name == name {
			return name, true
		}
	}
	for _, a := range s.aliases {
		if a.wrong == name {
			return a.right, a.right != ""
		}
	}
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return n, true
		}
	}
	for _, a := range s.aliases {
		if strings.EqualFold(a.wrong, name) {
			return a.right, a.right != ""
		}
	}
	n := diag.Suggest(name, names)
	return n, n != ""
}
