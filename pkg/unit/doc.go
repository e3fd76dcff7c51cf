// Package unit reads and prints quantities with units. Units exist only here:
// inside the program everything is in bytes, seconds, per second and fractions
// of 1.
//
// A quantity is a plain decimal number, at most one space, and a unit:
//
//	Bytes, ReplicatedBytes  B KB MB GB TB PB (powers of 1000), KiB MiB GiB TiB PiB (of 1024)
//	Rate                    /s /min /h /day /month
//	ByteRate                a size unit and a period (10MB/s, 500GB/month), or bit/s kbit/s Mbit/s Gbit/s
//	Duration                ns us ms s min h d
//	Fraction                % or, up to 1, none (99.9% is 0.999)
//	Count                   none, or k M G (powers of 1000)
//
// A bare number is accepted only where no unit is needed, and 0 everywhere.
// Negative numbers, signs, exponents, hexadecimal, NaN, infinities and
// thousands separators are refused. A value is the float64 nearest to what is
// written, whatever the unit: 99.9% is the same number as 0.999.
//
// String prints a text that parses back to the identical number; Human prints
// three significant digits for people.
//
// This is also the one place that prints numbers without a unit for people:
// thousands separators (Grouped, Fixed, Whole), significant digits (Digits,
// Rounded), percent (Percent, ShortPercent, SignedPercent). Package money builds
// on them for amounts. No other package chooses separators or signs on its own.
package unit
