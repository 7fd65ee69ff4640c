package sheet

import (
	"context"
	"unicode/utf8"

	"gsl/app/kit/i18n"
)

// Problem is one thing that is wrong with a row, or worth a look. It holds
// what the file says, so it is shown to whoever handed the file in and never logged.
type Problem struct {
	Line   int    // of the file; 0 when it is not about one line
	Column string // as the file's header writes it; "" when it is not about one column
	Value  string // what the file says there, cut to 80 characters
	Key    string // translation key of the reason
	Args   map[string]any
}

const shownValue = 80

// NewProblem makes a problem of a cell.
func NewProblem(line int, column string, value []byte, key string) Problem {
	return Problem{Line: line, Column: column, Value: cut(value), Key: key}
}

func cut(value []byte) string {
	if len(value) <= shownValue {
		return string(value)
	}
	end := shownValue
	for end > 0 && !utf8.RuneStart(value[end]) {
		end--
	}
	return string(value[:end]) + "…"
}

// Reason is the sentence that says what is wrong.
func (p Problem) Reason(ctx context.Context) string { return i18n.Tf(ctx, p.Key, p.Args) }

// Sentence is the whole problem in one line: line, column, value and reason.
func (p Problem) Sentence(ctx context.Context) string {
	args := map[string]any{"Line": p.Line, "Column": p.Column, "Value": p.Value, "Reason": p.Reason(ctx)}
	switch {
	case p.Line > 0 && p.Column != "":
		return i18n.Tf(ctx, "sheet.problem_cell", args)
	case p.Line > 0:
		return i18n.Tf(ctx, "sheet.problem_line", args)
	case p.Value != "":
		return i18n.Tf(ctx, "sheet.problem_value", args)
	}
	return p.Reason(ctx)
}
