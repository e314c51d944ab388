"""The parts of `bench cohort`: made-up records, the rules, the engines beside ours, the report."""
