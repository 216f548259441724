"""The contract document: what is promised, what heat costs, what each quarter of an hour was."""
