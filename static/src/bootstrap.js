// The menu of a phone folds, and what does not fit one line of a desk lies behind 更多.
import "bootstrap/js/src/collapse.js";
import "bootstrap/js/src/dropdown.js";
